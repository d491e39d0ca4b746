/** What the strict object stores of the tests share: requests, planned faults, and connections that break. */
import http from "node:http";
import https from "node:https";
import type { AddressInfo } from "node:net";

export interface StoreRequest {
  method: string;
  /** As it came over the wire. */
  target: string;
  /** The decoded parts of the path. */
  parts: string[];
  query: URLSearchParams;
  headers: Record<string, string | undefined>;
  body: Uint8Array;
  /** Of the object: set by the store that reads its addresses. */
  key: string;
}

/**
 * How a request goes wrong: an error of the store, a connection that ends before the answer or within its body (torn down,
 * or closed in order), an answer that is lost after the work was done, or an error behind a head that says 200.
 */
export type StoreFault =
  | { code: string; status: number; headers?: Record<string, string> }
  | "reset"
  | "cut"
  | "short"
  | "lost_answer"
  | "error_in_success";

export interface StoredObject {
  bytes: Uint8Array;
  etag: string;
  headers?: Record<string, string>;
}

export interface StoreServer {
  readonly url: string;
  readonly objects: Map<string, StoredObject>;
  /** What was asked, whether or not it was granted. */
  readonly requests: StoreRequest[];
  /** What errors say in place of their usual words. */
  says?: string;
  /** Lets the next requests that match go wrong, each `times` times. */
  fault(matches: (request: StoreRequest) => boolean, fault: StoreFault, times?: number): void;
  text(key: string): string | undefined;
  stop(): Promise<void>;
}

/** An error of the store. */
export class Refusal extends Error {
  constructor(readonly status: number, readonly code: string, readonly headers: Record<string, string> = {}) {
    super(code);
  }
}

export interface StoreAnswer {
  status?: number;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/** What a store does in its own way. Both throw `Refusal`. */
export interface StoreKind {
  objects: Map<string, StoredObject>;
  /** Takes the key from the path. */
  keyOf(parts: string[]): string;
  /** Requests that are for no object, such as those for tokens; undefined for all others. */
  beside?(request: StoreRequest): StoreAnswer | undefined;
  /** Who asks, and whether there is such a bucket. */
  authorize(request: StoreRequest): void;
  answer(request: StoreRequest): StoreAnswer;
  errorText(code: string, says?: string): string;
  /** Of every answer. */
  headers(code?: string): Record<string, string>;
}

export interface ServerOptions {
  /** Serves HTTPS with this certificate; with `ca`, only to who shows one of that authority. All are PEM texts. */
  tls?: { key: string; cert: string; ca?: string };
}

export async function startStoreServer(kind: StoreKind, { tls }: ServerOptions = {}): Promise<StoreServer> {
  const requests: StoreRequest[] = [];
  const faults: { matches: (request: StoreRequest) => boolean; fault: StoreFault; left: number }[] = [];

  function answerTo(request: StoreRequest, fault: StoreFault | undefined): StoreAnswer {
    try {
      const beside = kind.beside?.(request);
      if (beside !== undefined) return beside;
      if (typeof fault === "object" && fault.code === "ExpiredToken") throw new Refusal(fault.status, fault.code);
      const hasLength = request.headers["content-length"] !== undefined;
      if ((request.method === "PUT" || request.method === "POST") && !hasLength) {
        throw new Refusal(411, "MissingContentLength");
      }
      kind.authorize(request);
      if (typeof fault === "object") throw new Refusal(fault.status, fault.code, fault.headers);
      if (fault === "error_in_success") return { body: kind.errorText("InternalError") };
      return kind.answer(request);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const headers = { ...kind.headers(error.code), ...error.headers };
      return { status: error.status, headers, body: kind.errorText(error.code, server.says) };
    }
  }

  const onRequest: http.RequestListener = async (incoming, outgoing) => {
    const target = incoming.url ?? "/";
    const [path = "", search = ""] = target.split("?");
    const parts = path.split("/").slice(1).map(decodeURIComponent);
    const chunks: Uint8Array[] = [];
    try {
      for await (const chunk of incoming) chunks.push(chunk);
    } catch (error) {
      // expected: the client broke off in the middle of its request, as one does that is interrupted
      if ((error as NodeJS.ErrnoException).code === "ECONNRESET") return;
      throw error;
    }
    const request: StoreRequest = {
      method: incoming.method ?? "",
      target,
      parts,
      query: new URLSearchParams(search),
      headers: incoming.headers as Record<string, string | undefined>,
      body: new Uint8Array(Buffer.concat(chunks)),
      key: kind.keyOf(parts),
    };
    requests.push(request);
    const planned = faults.find(({ matches, left }) => left > 0 && matches(request));
    if (planned !== undefined) planned.left--;
    const fault = planned?.fault;
    if (fault === "reset") return void incoming.socket.destroy();
    const { status = 200, headers = kind.headers(), body = "" } = answerTo(request, fault);
    if (fault === "lost_answer") return void incoming.socket.destroy();
    const bytes = typeof body === "string" ? new TextEncoder().encode(body) : body;
    const length: Record<string, string> = status === 204 ? {} : { "content-length": String(bytes.length) };
    outgoing.writeHead(status, { ...length, ...kind.headers(), ...headers });
    if (fault === "cut" || fault === "short") {
      outgoing.write(bytes.subarray(0, bytes.length >> 1));
      return void setTimeout(() => fault === "cut" ? incoming.socket.destroy() : incoming.socket.end(), 20);
    }
    outgoing.end(request.method === "HEAD" ? undefined : bytes);
  };
  const listener = tls === undefined
    ? http.createServer(onRequest)
    : https.createServer({ ...tls, requestCert: tls.ca !== undefined, rejectUnauthorized: true }, onRequest);
  await new Promise<void>((resolve) => listener.listen(0, "127.0.0.1", resolve));
  const server: StoreServer = {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    objects: kind.objects,
    requests,
    fault: (matches, fault, times = 1) => void faults.push({ matches, fault, left: times }),
    text: (key) => kind.objects.has(key) ? new TextDecoder().decode(kind.objects.get(key)!.bytes) : undefined,
    async stop() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      listener.closeAllConnections();
      await closed;
    },
  };
  return server;
}

/** The bytes of an object, or the range of them that is asked for, on the conditions that are named. */
export function objectAnswer(object: StoredObject | undefined, headers: StoreRequest["headers"], codes: {
  missing: string;
  changed: string;
}): StoreAnswer {
  if (object === undefined) throw new Refusal(404, codes.missing);
  const condition = headers["if-match"];
  if (condition !== undefined && condition !== `"${object.etag}"`) throw new Refusal(412, codes.changed);
  const common = { etag: `"${object.etag}"`, "accept-ranges": "bytes", ...object.headers };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? "");
  if (range === null) return { headers: common, body: object.bytes };
  const start = Number(range[1]);
  if (start >= object.bytes.length) throw new Refusal(416, "InvalidRange");
  const body = object.bytes.subarray(start, range[2] === "" ? undefined : Number(range[2]) + 1);
  const place = `bytes ${start}-${start + body.length - 1}/${object.bytes.length}`;
  return { status: 206, headers: { ...common, "content-range": place }, body };
}

export const escapeText = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
