/**
 * A proxy that knows `CONNECT` alone, and leads all connections to one port of this machine. It reads nothing but the
 * head that names a host: who listens on that port ends the TLS that comes through.
 */
import { Buffer } from "node:buffer";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TunnelProxyOptions {
  hostname: string;
  /** 0 lets the system choose. */
  port: number;
  /** Where all tunnels end. */
  targetPort: number;
  /** Why there is no tunnel to a host, written in small letters and without a dot at its end; undefined when there is. */
  refusal(host: string, port: string): string | undefined;
  /** How long a client may take for its head, and then for the first byte in the tunnel. Default: ten seconds. */
  patienceMs?: number;
}

export interface TunnelProxy {
  readonly port: number;
  /** Accepts no more connections; tunnels stay open. */
  refuseMore(): void;
  /** Ends all tunnels. */
  stop(): Promise<void>;
}

const MOST_HEAD_BYTES = 8 * 1024;
/** Further ones are closed at once: each holds two descriptors. */
const MOST_CONNECTIONS = 400;
const PATIENCE_MS = 10_000;

/** Fails with the system's error when the port cannot be had. */
export async function startTunnelProxy(options: TunnelProxyOptions): Promise<TunnelProxy> {
  const open = new Set<Socket>();
  const server = createServer((client) => {
    if (open.size >= MOST_CONNECTIONS) return void client.destroy();
    open.add(client);
    client.on("close", () => open.delete(client));
    accept(client, options);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port, options.hostname, resolve);
  });
  let closed: Promise<void> | undefined;
  const refuseMore = () => void (closed ??= new Promise((resolve) => server.close(() => resolve())));
  return {
    port: (server.address() as AddressInfo).port,
    refuseMore,
    async stop() {
      refuseMore();
      for (const client of open) client.destroy();
      await closed;
    },
  };
}

function accept(client: Socket, options: TunnelProxyOptions): void {
  let head = Buffer.alloc(0);
  const { patienceMs = PATIENCE_MS } = options;
  const timer = setTimeout(() => refuse(client, 408, "Request Timeout", "the head of the request is late"), patienceMs);
  client.on("close", () => clearTimeout(timer));
  // expected: any fault of the client's connection, which ends with it
  client.on("error", () => client.destroy());
  const onData = (chunk: Uint8Array) => {
    head = Buffer.concat([head, chunk]);
    const end = head.indexOf("\r\n\r\n");
    if (end < 0 && head.length <= MOST_HEAD_BYTES) return;
    clearTimeout(timer);
    client.off("data", onData);
    client.pause();
    if (end < 0 || end > MOST_HEAD_BYTES) {
      return refuse(client, 431, "Request Header Fields Too Large", "the head of the request is too long");
    }
    const [line = ""] = head.toString("latin1", 0, end).split("\r\n");
    const target = /^CONNECT (\[[0-9a-f:.]+\]|[\w.-]{1,253}):(\d{1,5}) HTTP\/1\.[01]$/i.exec(line);
    if (target === null) return refuseLine(client, line);
    const [, name, port] = target as unknown as [string, string, string];
    const refusal = options.refusal(name.toLowerCase().replace(/\.$/, ""), port);
    if (refusal !== undefined) return refuse(client, 403, `Forbidden: ${refusal}`, refusal);
    openTunnel(client, head.subarray(end + 4), options.targetPort, patienceMs);
  };
  client.on("data", onData);
}

function refuseLine(client: Socket, line: string): void {
  if (!/^[A-Z]+ \S+ HTTP\/1\.[01]$/.test(line)) {
    return refuse(client, 400, "Bad Request", "this is a proxy for https, which takes CONNECT host:port HTTP/1.1");
  }
  refuse(client, 403, "Forbidden: a proxy for https alone", "this is a proxy for https alone, which takes CONNECT");
}

function openTunnel(client: Socket, first: Uint8Array, targetPort: number, patienceMs: number): void {
  const target = connect(targetPort, "127.0.0.1");
  const timer = setTimeout(() => client.destroy(), patienceMs);
  client.on("close", () => clearTimeout(timer));
  // What was sent before an end still arrives; what fails ends at once.
  client.on("close", (isFault) => isFault ? target.destroy() : target.destroySoon());
  target.on("close", (isFault) => isFault ? client.destroy() : client.destroySoon());
  // expected: any fault of the connection to the target, which ends the client's
  target.on("error", () => client.destroy());
  target.once("connect", () => {
    client.write("HTTP/1.1 200 Connection established\r\n\r\n");
    if (first.length > 0) target.write(first);
    client.once("data", () => clearTimeout(timer));
    client.pipe(target);
    target.pipe(client);
  });
}

/** Says why, in words too: many clients show the first line alone. */
function refuse(client: Socket, status: number, reason: string, words: string): void {
  const body = `${words}\n`;
  client.end(
    `HTTP/1.1 ${status} ${reason}\r\ncontent-type: text/plain; charset=utf-8\r\n` +
      `content-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
  );
  // What a client sends after a refusal is not read, and its connection ends whether it closes it or not.
  setTimeout(() => client.destroy(), 1000).unref?.();
}
