/** Sends one HTTP request, the same way on every runtime: proxies, certificates, timeouts, whole bodies. */
import { MpError } from "../errors.ts";
import { BrokenGzipError, gunzipStream } from "./compressed_body.ts";
import { NetworkFault, networkFault } from "./network_fault.ts";
import { proxyFor, type ProxyVariables } from "./proxy.ts";

export interface TransportRequest {
  method: string;
  url: URL;
  headers: Record<string, string>;
  body?: Uint8Array | string;
  signal?: AbortSignal;
  /** Ends the wait for the answer's head. */
  timeoutMs: number;
  /** Use a new connection, for requests that must not be lost to a pooled one that the server has just closed. */
  freshConnection?: boolean;
}

export interface TransportAnswer {
  status: number;
  headers: Headers;
  /** Decoded bytes. Fails with a `NetworkFault` when the answer is not whole or stops arriving. */
  body: ReadableStream<Uint8Array>;
}

/** Fails with a `NetworkFault`, or with the signal's reason. Redirects are answers like others. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

export interface TransportOptions {
  proxy: ProxyVariables;
  /** PEM text of certificate authorities that are trusted besides the well-known ones. */
  extraCertificates?: string;
  /** Ends the wait for the next piece of a body. Default two minutes. */
  idleTimeoutMs?: number;
}

/** What a runtime's adapter needs to know beside the request. */
export interface WireOptions {
  signal: AbortSignal;
  proxy?: URL;
  /** All trusted authorities as PEM texts; undefined: the runtime's own. */
  authorities?: string[];
}

/** A runtime's adapter: sends the request and gives the body's raw bytes. */
export type Wire = (request: TransportRequest, options: WireOptions) => Promise<TransportAnswer>;

const DEFAULT_IDLE_TIMEOUT_MS = 120_000;

declare const Bun: unknown;

export function createTransport(options: TransportOptions): Transport {
  const idleTimeoutMs = options.idleTimeoutMs ?? DEFAULT_IDLE_TIMEOUT_MS;
  let wire: Promise<Wire> | undefined;
  let authorities: Promise<string[] | undefined> | undefined;
  return async (request) => {
    const proxy = proxyFor(request.url, options.proxy);
    wire ??= loadWire();
    authorities ??= allAuthorities(options.extraCertificates);
    request.signal?.throwIfAborted();
    // One controller ends the exchange, whether the caller gives up, the head is late or the body stalls.
    const controller = new AbortController();
    const onAbort = () => controller.abort(request.signal?.reason);
    request.signal?.addEventListener("abort", onAbort, { once: true });
    const finish = () => request.signal?.removeEventListener("abort", onAbort);
    const timer = setTimeout(
      () => controller.abort(new NetworkFault("first_byte_timeout", true, `${request.timeoutMs} ms`)),
      request.timeoutMs,
    );
    try {
      const send = await wire;
      const trusted = await authorities;
      controller.signal.throwIfAborted();
      const answer = await send(request, { signal: controller.signal, proxy, authorities: trusted });
      return { ...answer, body: await wholeBody(request, answer, controller, idleTimeoutMs, finish) };
    } catch (error) {
      finish();
      if (controller.signal.aborted) throw controller.signal.reason;
      throw error instanceof MpError ? error : networkFault(error);
    } finally {
      clearTimeout(timer);
    }
  };
}

async function loadWire(): Promise<Wire> {
  return typeof Bun === "object"
    ? (await import("./transport_bun.ts")).sendWithBun
    : (await import("./transport_node.ts")).sendWithNode;
}

async function allAuthorities(extraCertificates: string | undefined): Promise<string[] | undefined> {
  if (extraCertificates === undefined || extraCertificates.trim() === "") return undefined;
  const { rootCertificates } = await import("node:tls");
  const extra = extraCertificates.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  return [...rootCertificates, ...extra];
}

/** The decoded body. A body that is shorter than announced, or compressed and without its end, fails. */
async function wholeBody(
  request: TransportRequest,
  answer: TransportAnswer,
  controller: AbortController,
  idleTimeoutMs: number,
  finish: () => void,
): Promise<ReadableStream<Uint8Array>> {
  const { headers, status } = answer;
  const hasBody = request.method !== "HEAD" && status !== 204 && status !== 304;
  const announced = headers.get("content-length");
  const expectedBytes = hasBody && announced !== null && /^\d+$/.test(announced) ? Number(announced) : undefined;
  const raw = guarded(answer.body, controller, idleTimeoutMs, expectedBytes, finish);
  const encoding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  if (encoding === "identity" || encoding === "" || !hasBody || expectedBytes === 0) return raw;
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    const fault = new NetworkFault("bad_answer", true, `content-encoding ${encoding}`);
    controller.abort(fault);
    throw fault;
  }
  // Both describe the bytes on the wire, and would mislead who reads the decoded ones.
  headers.delete("content-encoding");
  headers.delete("content-length");
  return withFaults(await gunzipStream(raw));
}

/** Passes bytes on; ends the exchange when they stall, stop early, or are not wanted any more. */
function guarded(
  source: ReadableStream<Uint8Array>,
  controller: AbortController,
  idleTimeoutMs: number,
  expectedBytes: number | undefined,
  finish: () => void,
): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  let receivedBytes = 0;
  return new ReadableStream<Uint8Array>({
    async pull(output) {
      const stalled = new NetworkFault("idle_timeout", true, `${idleTimeoutMs} ms`);
      const timer = setTimeout(() => controller.abort(stalled), idleTimeoutMs);
      try {
        const { done, value } = await unlessAborted(reader.read(), controller.signal);
        if (!done) {
          receivedBytes += value.length;
          output.enqueue(value);
          return;
        }
        if (expectedBytes !== undefined && receivedBytes !== expectedBytes) {
          throw new NetworkFault("cut", true, `${receivedBytes} of ${expectedBytes} bytes arrived`);
        }
        finish();
        output.close();
      } catch (error) {
        finish();
        throw controller.signal.aborted ? controller.signal.reason : cutFault(error);
      } finally {
        clearTimeout(timer);
      }
    },
    async cancel(reason) {
      finish();
      controller.abort(new NetworkFault("other", true, "the body is not wanted"));
      await reader.cancel(reason).catch(() => {});
    },
  }, { highWaterMark: 0 });
}

/** A connection that ends within the body leaves it incomplete, whatever the runtime calls that. */
function cutFault(error: unknown): NetworkFault {
  const fault = networkFault(error);
  return fault.kind === "reset" ? new NetworkFault("cut", true, fault.detail, { cause: error }) : fault;
}

/** A read that fails as soon as the signal does, also where the runtime does not notice. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function withFaults(source: ReadableStream<Uint8Array>): ReadableStream<Uint8Array> {
  const reader = source.getReader();
  return new ReadableStream<Uint8Array>({
    async pull(output) {
      try {
        const { done, value } = await reader.read();
        if (done) output.close();
        else output.enqueue(value);
      } catch (error) {
        if (error instanceof BrokenGzipError) {
          throw new NetworkFault(error.isCut ? "cut" : "bad_answer", true, error.message, { cause: error });
        }
        throw error;
      }
    },
    cancel: (reason) => reader.cancel(reason),
  }, { highWaterMark: 0 });
}
