/**
 * Mixpanel's own host names, answered on this machine: TLS with a certificate of an authority that is made for it, and a
 * CONNECT proxy in front, for clients that insist on https or on their own host names. Nothing else is passed on.
 */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, createServer as createSocketServer, type Server, type Socket } from "node:net";
import { join } from "node:path";

/** The names of all regions. */
export const MIXPANEL_HOSTS = ["", "-eu", "-in"].flatMap((region) => [
  `${region.slice(1)}${region && "."}mixpanel.com`,
  ...["api", "data", "api-js"].map((family) => `${family}${region}.mixpanel.com`),
]);

export interface MixpanelHosts {
  /** Of the proxy. */
  proxyUrl: string;
  /** Where TLS is ended: for clients that know no proxies, and whose connections can be pointed elsewhere. */
  tlsPort: number;
  stop(): void;
}

type Handle = (request: Request, remoteAddress: string) => Promise<Response>;

const days = ["-days", "30"];
const newKey = ["-newkey", "rsa:2048", "-nodes"];

/** Makes an authority and a certificate of its own in a folder. Returns why it could not. */
export function makeCertificates(folder: string): string | undefined {
  mkdirSync(folder, { recursive: true });
  const path = (name: string) => join(folder, name);
  const names = [...MIXPANEL_HOSTS, "localhost"].map((name) => `DNS:${name}`).join(",");
  writeFileSync(path("names"), `subjectAltName=${names},IP:127.0.0.1\nextendedKeyUsage=serverAuth\n`);
  const commands = [
    ["req", "-x509", ...newKey, ...days, "-subj", "/CN=Tests of mp", "-addext", "keyUsage=critical,keyCertSign"],
    ["req", ...newKey, "-subj", "/CN=mixpanel.com", "-keyout", path("leaf.key"), "-out", path("leaf.csr")],
    ["x509", "-req", ...days, "-in", path("leaf.csr"), "-CA", path("ca.pem"), "-CAkey", path("ca.key")],
  ];
  commands[0]!.push("-keyout", path("ca.key"), "-out", path("ca.pem"));
  commands[2]!.push("-CAcreateserial", "-extfile", path("names"), "-out", path("leaf.pem"));
  for (const argv of commands) {
    const { status, stderr, error } = spawnSync("openssl", argv, { encoding: "utf8" });
    if (status !== 0) return `no certificate: ${error?.message ?? stderr.trim().split("\n").at(-1)}`;
  }
  return undefined;
}

/** Answers by `handle`, with the certificate of a folder. */
export async function openMixpanelHosts(folder: string, handle: Handle): Promise<MixpanelHosts> {
  const options = { key: readFileSync(join(folder, "leaf.key")), cert: readFileSync(join(folder, "leaf.pem")) };
  const tls = createTlsServer(options, (request, response) => void answer(request, response, handle));
  const tlsPort = await listen(tls);
  const sockets = new Set<Socket>();
  const proxy = createSocketServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.once("data", (head) => {
      const [, host = ""] = /^CONNECT ([^ :]+):443 HTTP/.exec(String(head)) ?? [];
      if (!MIXPANEL_HOSTS.includes(host)) return socket.end("HTTP/1.1 403 Forbidden\r\n\r\n");
      const inner = connect(tlsPort, "127.0.0.1", () => {
        socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
        socket.pipe(inner).pipe(socket);
      });
      inner.on("error", () => socket.destroy());
      socket.on("close", () => inner.destroy());
    });
  });
  const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`;
  return {
    proxyUrl,
    tlsPort,
    stop() {
      for (const socket of sockets) socket.destroy();
      proxy.close();
      tls.close();
      tls.closeAllConnections();
    },
  };
}

async function listen(server: Server | ReturnType<typeof createServer>): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function answer(incoming: IncomingMessage, outgoing: ServerResponse, handle: Handle): Promise<void> {
  const parts: Uint8Array[] = [];
  for await (const part of incoming) parts.push(part);
  const { method = "GET", url = "/", headers } = incoming;
  const body = method === "GET" || method === "HEAD" ? undefined : Buffer.concat(parts);
  const request = new Request(`https://${headers.host}${url}`, { method, headers: headers as HeadersInit, body });
  const response = await handle(request, "127.0.0.1");
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}
