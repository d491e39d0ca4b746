/**
 * A strict HTTP server for tests: it answers what it was told to answer, once for each time. A request that
 * nobody announced and a stub that nobody asked for both fail the test. It speaks over plain sockets, so that
 * it can also answer in ways that no proper server would.
 */
import assert from "node:assert/strict";
import net from "node:net";
import tls from "node:tls";

export interface StubRequest {
  method: string;
  /** The request's first line as it came: a path, or with a proxy a whole address. */
  target: string;
  path: string;
  query: URLSearchParams;
  headers: Headers;
  body: Uint8Array;
  text: string;
  /** Number of the connection it came by, from 1. */
  connection: number;
}

export type StubReply =
  | { status?: number; headers?: Record<string, string>; body?: string | Uint8Array; json?: unknown }
  /** Bytes as they are. Then the connection is closed, torn down, or left open. */
  | { raw: (string | Uint8Array)[]; then: "close" | "reset" | "hang" }
  /** What a proxy does: connects to this port of 127.0.0.1, and passes bytes both ways. */
  | { tunnelTo: number };

export interface StubServer {
  readonly port: number;
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: StubRequest[];
  /** Announces requests. A path without a query matches any query. */
  on(
    method: string,
    target: string,
    reply: StubReply | ((request: StubRequest) => StubReply | Promise<StubReply>),
    times?: number,
  ): void;
  /** Stops, and fails when requests were not announced, or announced ones did not come. */
  finish(): Promise<void>;
}

interface Stub {
  method: string;
  target: string;
  reply: StubReply | ((request: StubRequest) => StubReply | Promise<StubReply>);
  left: number;
}

export async function startStubServer(options: { key?: string; cert?: string } = {}): Promise<StubServer> {
  const stubs: Stub[] = [];
  const requests: StubRequest[] = [];
  const problems: string[] = [];
  const sockets = new Set<net.Socket>();
  let connections = 0;

  const onConnection = (socket: net.Socket) => {
    const connection = ++connections;
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("error", () => {});
    let waiting = new Uint8Array(0);
    let tunnelled = false;
    let queue = Promise.resolve();
    const onData = (chunk: Uint8Array) => {
      if (tunnelled) return;
      waiting = joined(waiting, chunk);
      for (let one = takeRequest(waiting); one !== undefined; one = takeRequest(waiting)) {
        waiting = one.rest as Uint8Array<ArrayBuffer>;
        const request = { ...one.request, connection };
        requests.push(request);
        queue = queue.then(async () => {
          const reply = await replyTo(request);
          if ("tunnelTo" in reply) {
            tunnelled = true;
            socket.off("data", onData);
          }
          writeReply(socket, reply);
        });
      }
    };
    socket.on("data", onData);
  };

  async function replyTo(request: StubRequest): Promise<StubReply> {
    const stub = stubs.find(({ method, target, left }) =>
      left > 0 && method === request.method &&
      (target === request.target || (!target.includes("?") && target === request.path))
    );
    if (stub === undefined) {
      problems.push(`unexpected request: ${request.method} ${request.target}`);
      return { status: 599, body: "unexpected request" };
    }
    stub.left--;
    try {
      return typeof stub.reply === "function" ? await stub.reply(request) : stub.reply;
    } catch (error) {
      problems.push(`the stub for ${stub.method} ${stub.target} failed: ${error}`);
      return { status: 599, body: "the stub failed" };
    }
  }

  const server = options.key === undefined
    ? net.createServer(onConnection)
    : tls.createServer({ key: options.key, cert: options.cert }, onConnection);
  server.on("tlsClientError", () => {});
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as net.AddressInfo;
  return {
    port,
    url: `${options.key === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    on(method, target, reply, times = 1) {
      stubs.push({ method, target, reply, left: times });
    },
    async finish() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
      for (const { method, target, left } of stubs) {
        if (left > 0) problems.push(`unused stub: ${method} ${target} (${left} left)`);
      }
      assert.deepEqual(problems, []);
    },
  };
}

function takeRequest(
  bytes: Uint8Array,
): { request: Omit<StubRequest, "connection">; rest: Uint8Array } | undefined {
  const headEnd = indexOfBlankLine(bytes);
  if (headEnd < 0) return undefined;
  const [first = "", ...lines] = new TextDecoder().decode(bytes.subarray(0, headEnd)).split("\r\n");
  const [method = "", target = ""] = first.split(" ");
  const headers = new Headers(lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  }));
  const length = Number(headers.get("content-length") ?? 0);
  const start = headEnd + 4;
  if (bytes.length < start + length) return undefined;
  const body = bytes.slice(start, start + length);
  const isPath = target.startsWith("/") || target.startsWith("http");
  const url = new URL(isPath ? target : "/", "http://stub");
  return {
    request: {
      method,
      target,
      path: isPath && !target.startsWith("http") ? url.pathname : target,
      query: url.searchParams,
      headers,
      body,
      text: new TextDecoder().decode(body),
    },
    rest: bytes.slice(start + length),
  };
}

function writeReply(socket: net.Socket, reply: StubReply): void {
  if ("tunnelTo" in reply) {
    const onward = net.connect(reply.tunnelTo, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(socket);
      socket.pipe(onward);
    });
    onward.on("error", () => socket.destroy());
    socket.on("close", () => onward.destroy());
    return;
  }
  if ("raw" in reply) {
    for (const piece of reply.raw) socket.write(piece);
    if (reply.then === "close") socket.end();
    // The bytes before it are to arrive first.
    if (reply.then === "reset") setTimeout(() => socket.destroy(), 20);
    return;
  }
  const json = reply.json === undefined ? undefined : JSON.stringify(reply.json);
  const content = json ?? reply.body ?? "";
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : content;
  const status = reply.status ?? 200;
  const headers: Record<string, string> = { ...reply.headers };
  if (json !== undefined) headers["content-type"] ??= "application/json";
  if (status !== 204) headers["content-length"] ??= String(bytes.length);
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("");
  socket.write(joined(new TextEncoder().encode(`HTTP/1.1 ${status} Stub\r\n${lines}\r\n`), bytes));
}

function indexOfBlankLine(bytes: Uint8Array): number {
  for (let index = 0; index + 3 < bytes.length; index++) {
    if (bytes[index] === 13 && bytes[index + 1] === 10 && bytes[index + 2] === 13 && bytes[index + 3] === 10) {
      return index;
    }
  }
  return -1;
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(one.length + other.length);
  all.set(one);
  all.set(other, one.length);
  return all;
}
