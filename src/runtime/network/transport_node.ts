/** The transport's adapter for Deno: `node:https`, because Deno's `fetch` is slow with long compressed answers. */
import http from "node:http";
import https from "node:https";
import { isIP, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import tls from "node:tls";
import { freeMemory } from "../compression/free_memory.ts";
import { NetworkFault, networkFault, proxyFault } from "./network_fault.ts";
import { proxyAuthorization } from "./proxy.ts";
import type { TransportRequest, WireAnswer, WireOptions } from "./wire.ts";

/** Said with each connection, since the environment's NODE_TLS_REJECT_UNAUTHORIZED would decide otherwise. */
const CHECKED = { rejectUnauthorized: true } as const;

/** Connections that are kept for the next request, by proxy and authorities. */
const agents = new Map<string, https.Agent | http.Agent>();

export async function sendWithNode(request: TransportRequest, options: WireOptions): Promise<WireAnswer> {
  try {
    return await exchange(request, options);
  } catch (error) {
    const fault = options.proxy === undefined ? networkFault(error) : proxyFault(error);
    throw await explained(fault, request, options);
  }
}

function exchange(request: TransportRequest, options: WireOptions): Promise<WireAnswer> {
  const { url, body } = request;
  const isTls = url.protocol === "https:";
  const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
  const headers: Record<string, string> = { ...request.headers };
  if (bytes !== undefined || request.method !== "GET") headers["content-length"] = String(bytes?.length ?? 0);
  const { signal } = options;
  const common = { method: request.method, headers };
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    // With a signal of its own, Deno's request does not end while it waits on a connection that was kept.
    const stop = () => {
      outgoing.destroy();
      reject(signal.reason);
    };
    // A job has one signal for all of its requests.
    const forget = () => signal.removeEventListener("abort", stop);
    const onAnswer = (answer: http.IncomingMessage) => {
      answer.once("end", forget).once("close", forget);
      resolve(answerOf(answer));
    };
    let outgoing: http.ClientRequest;
    if (options.proxy !== undefined && !isTls) {
      outgoing = throughPlainProxy(url, options.proxy, options.authorities, common, onAnswer);
    } else {
      const agent = request.freshConnection ? newAgent(isTls, options, false) : agentFor(isTls, options);
      const start = isTls ? https.request : http.request;
      outgoing = start(url, { ...common, agent }, onAnswer);
    }
    outgoing.on("error", (error) => {
      forget();
      reject(error);
    });
    signal.addEventListener("abort", stop, { once: true });
    outgoing.end(bytes);
  });
}

/** A proxy takes a plain request as it is, with the whole URL in its first line. */
function throughPlainProxy(
  url: URL,
  proxy: URL,
  authorities: string[] | undefined,
  common: { method: string; headers: Record<string, string> },
  onAnswer: (answer: http.IncomingMessage) => void,
): http.ClientRequest {
  const authorization = proxyAuthorization(proxy);
  const headers: Record<string, string> = { ...common.headers, host: url.host };
  if (authorization !== undefined) headers["proxy-authorization"] = authorization;
  const start = proxy.protocol === "https:" ? https.request : http.request;
  const outgoing = start(
    { ...addressOf(proxy), ...common, ...CHECKED, headers, path: url.href, ca: authorities },
    onAnswer,
  );
  return outgoing;
}

function answerOf(answer: http.IncomingMessage): WireAnswer {
  const headers = new Headers();
  for (let index = 0; index + 1 < answer.rawHeaders.length; index += 2) {
    headers.append(answer.rawHeaders[index]!, answer.rawHeaders[index + 1]!);
  }
  const chunks = answer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array, undefined>;
  return {
    status: answer.statusCode ?? 0,
    headers,
    chunks: {
      async next() {
        const { done, value } = await chunks.next();
        // Not as a Buffer, whose `slice` is a view, and no copy as that of other arrays.
        return done ? { done, value } : { done, value: new Uint8Array(value.buffer, value.byteOffset, value.length) };
      },
      return() {
        answer.destroy();
        return Promise.resolve({ done: true, value: undefined });
      },
    },
    // Each chunk is a copy that the parser has made, and memory that is used again need not be mapped again.
    free: freeMemory,
  };
}

function agentFor(isTls: boolean, options: WireOptions): http.Agent {
  const { proxy, authorities, clientCertificate } = options;
  const key = [isTls, proxy?.href, authorities?.at(-1), clientCertificate?.certificate].join(" ");
  let agent = agents.get(key);
  if (agent === undefined) agents.set(key, agent = newAgent(isTls, options, true));
  return agent;
}

function newAgent(isTls: boolean, options: WireOptions, keepAlive: boolean): http.Agent {
  if (!isTls) return new http.Agent({ keepAlive });
  const { certificate: cert, key } = options.clientCertificate ?? {};
  const settings = { ...CHECKED, keepAlive, ca: options.authorities, cert, key };
  return options.proxy === undefined ? new https.Agent(settings) : new TunnelAgent(options.proxy, settings);
}

/** Connects through a proxy's `CONNECT`, and speaks TLS with the server behind it. */
class TunnelAgent extends https.Agent {
  constructor(readonly proxy: URL, readonly settings: https.AgentOptions) {
    super(settings);
  }

  override createConnection(
    options: tls.ConnectionOptions,
    callback?: (error: Error | null, socket: Duplex) => void,
  ): Duplex | null | undefined {
    const fail = (error: Error) => callback?.(error, undefined as unknown as Duplex);
    openTunnel(this.proxy, options.host ?? "", Number(options.port), this.settings.ca as string[] | undefined)
      .then((socket) => {
        const servername = isIP(options.host ?? "") === 0 ? options.host : undefined;
        const secure = tls.connect({ ...options, ...CHECKED, socket, servername });
        secure.once("secureConnect", () => callback?.(null, secure));
        secure.once("error", fail);
      }, fail);
    return undefined;
  }
}

/** A connection to a host through a proxy, by its `CONNECT`. */
export function openTunnel(proxy: URL, host: string, port: number, authorities?: string[]): Promise<Socket> {
  const target = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const headers: Record<string, string> = { host: target };
  const authorization = proxyAuthorization(proxy);
  if (authorization !== undefined) headers["proxy-authorization"] = authorization;
  const start = proxy.protocol === "https:" ? https.request : http.request;
  return new Promise((resolve, reject) => {
    const request = start({
      ...addressOf(proxy),
      ...CHECKED,
      method: "CONNECT",
      path: target,
      headers,
      agent: false,
      ca: authorities,
    });
    request.on("connect", (answer, socket) => {
      if (answer.statusCode === 200) return resolve(socket as Socket);
      socket.destroy();
      reject(new NetworkFault("proxy_refused", false, `${answer.statusCode} ${answer.statusMessage ?? ""}`.trim()));
    });
    request.on("error", (cause) => reject(new NetworkFault("proxy_unreachable", false, cause.message, { cause })));
    request.end();
  });
}

function addressOf(proxy: URL): { host: string; port: number } {
  const port = Number(proxy.port) || (proxy.protocol === "https:" ? 443 : 80);
  return { host: proxy.hostname.replace(/^\[|\]$/g, ""), port };
}

/**
 * Deno calls an expired certificate unverifiable. Another handshake, on which nothing is sent, reads the
 * certificate's dates, so that the message can tell the reason.
 */
async function explained(fault: NetworkFault, request: TransportRequest, options: WireOptions): Promise<NetworkFault> {
  if (fault.kind !== "certificate_untrusted" || options.signal.aborted) return fault;
  // expected: whatever keeps the second handshake from ending: the first one's fault is told then
  const certificate = await shownCertificate(request.url, options).catch(() => undefined);
  const now = Date.now();
  if (certificate === undefined) return fault;
  if (Date.parse(certificate.valid_to) < now) {
    return new NetworkFault("certificate_expired", false, `valid to ${certificate.valid_to}`, { cause: fault });
  }
  if (Date.parse(certificate.valid_from) > now) {
    return new NetworkFault("certificate_not_yet_valid", false, `valid from ${certificate.valid_from}`, {
      cause: fault,
    });
  }
  return fault;
}

async function shownCertificate(url: URL, options: WireOptions): Promise<tls.PeerCertificate> {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || 443;
  const socket = options.proxy && await openTunnel(options.proxy, host, port, options.authorities);
  return await new Promise((resolve, reject) => {
    const servername = isIP(host) === 0 ? host : undefined;
    const probe = tls.connect({ host, port, socket, servername, rejectUnauthorized: false });
    const give = (act: () => void) => {
      clearTimeout(timer);
      probe.destroy();
      act();
    };
    const timer = setTimeout(() => give(() => reject(new Error("no certificate in time"))), 5000);
    probe.once("secureConnect", () => {
      const certificate = probe.getPeerCertificate();
      give(() => resolve(certificate));
    });
    probe.once("error", (error) => give(() => reject(error)));
  });
}
