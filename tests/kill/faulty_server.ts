/**
 * An HTTP server over plain sockets that can go wrong in every way that a network can: no answer, half an answer, an answer
 * that trickles. What it answers is a script of steps.
 */
import net from "node:net";
import { setTimeout as wait } from "node:timers/promises";

export interface Received {
  method: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: Uint8Array;
}

export interface Reply {
  status: number;
  headers?: Record<string, string>;
  /** Sent chunk by chunk, with a pause before each. */
  chunks: Uint8Array[];
  pauseMs?: number;
  /** The connection is torn down in place of the end. */
  isCut?: boolean;
}

export interface FaultyServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Answers with what `answer` returns; undefined tears the connection down without an answer. */
export async function startFaultyServer(
  answer: (request: Received) => Promise<Reply | undefined>,
): Promise<FaultyServer> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    void converse(socket, answer).catch(() => socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as net.AddressInfo).port}`,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

async function converse(socket: net.Socket, answer: (request: Received) => Promise<Reply | undefined>): Promise<void> {
  const input = new Input(socket);
  for (;;) {
    const request = await readRequest(input);
    if (request === undefined) return void socket.end();
    const reply = await answer(request);
    if (reply === undefined) return void socket.destroy();
    const headers = { ...reply.headers, "transfer-encoding": "chunked" };
    const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
    socket.write(`HTTP/1.1 ${reply.status} Status\r\n${head}\r\n`);
    for (const chunk of reply.chunks) {
      if (chunk.length === 0) continue;
      if (reply.pauseMs) await wait(reply.pauseMs);
      socket.write(`${chunk.length.toString(16)}\r\n`);
      socket.write(chunk);
      socket.write("\r\n");
    }
    if (reply.isCut) {
      // What has been written is to arrive first.
      await wait(5);
      return void socket.destroy();
    }
    socket.write("0\r\n\r\n");
  }
}

/** Bytes of a socket, to be taken in the amounts that HTTP tells. */
class Input {
  readonly #chunks: AsyncIterator<Uint8Array>;
  #held: Buffer = Buffer.alloc(0);

  constructor(socket: net.Socket) {
    this.#chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  }

  /** Everything up to and with `end`; undefined when there is no more. */
  async until(end: string): Promise<string | undefined> {
    let at = this.#held.indexOf(end);
    while (at < 0) {
      if (!await this.#more()) return undefined;
      at = this.#held.indexOf(end);
    }
    return this.#take(at + end.length).toString("latin1");
  }

  async exactly(length: number): Promise<Uint8Array | undefined> {
    while (this.#held.length < length) if (!await this.#more()) return undefined;
    return this.#take(length);
  }

  async #more(): Promise<boolean> {
    const { value, done } = await this.#chunks.next();
    if (done) return false;
    this.#held = Buffer.concat([this.#held, value]);
    return true;
  }

  #take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}

async function readRequest(input: Input): Promise<Received | undefined> {
  const head = await input.until("\r\n\r\n");
  if (head === undefined) return undefined;
  const [first = "", ...lines] = head.trimEnd().split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const body = headers.get("transfer-encoding") === "chunked"
    ? await readChunks(input)
    : await input.exactly(Number(headers.get("content-length") ?? 0));
  if (body === undefined) return undefined;
  const { pathname, searchParams } = new URL(target, "http://server");
  return { method, path: pathname, query: searchParams, headers, body };
}

async function readChunks(input: Input): Promise<Uint8Array | undefined> {
  const chunks: Uint8Array[] = [];
  for (;;) {
    const size = await input.until("\r\n");
    if (size === undefined) return undefined;
    const chunk = await input.exactly(parseInt(size, 16) + 2);
    if (chunk === undefined) return undefined;
    if (chunk.length === 2) return Buffer.concat(chunks);
    chunks.push(chunk.subarray(0, -2));
  }
}
