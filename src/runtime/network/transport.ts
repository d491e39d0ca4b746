/** Sends one HTTP request, the same way on every runtime: proxies, certificates, timeouts, whole bodies. */
import { MpError } from "../../errors.ts";
import { LONGEST_TIMER_MS } from "../clock.ts";
import { NetworkFault, networkFault } from "./network_fault.ts";
import { proxyFor, type ProxyVariables } from "./proxy.ts";
import { type AnswerBody, type BodyWatch, watchedBody } from "./transport_body.ts";
import type { ClientCertificate, TransportRequest, Wire, WireAnswer } from "./wire.ts";

export interface TransportAnswer {
  status: number;
  headers: Headers;
  body: AnswerBody;
}

/** Fails with a `NetworkFault`, or with the signal's reason. Redirects are answers like others. */
export type Transport = (request: TransportRequest) => Promise<TransportAnswer>;

export interface TransportOptions {
  proxy: ProxyVariables;
  /** PEM text of certificate authorities that are trusted besides the well-known ones. */
  extraCertificates?: string;
  /** Shown to servers that ask who connects. */
  clientCertificate?: ClientCertificate;
  /** Ends the wait for the next piece of a body. Default one minute. */
  idleTimeoutMs?: number;
  /** The time in milliseconds, by which the rate of a body is measured. Default: this machine's. */
  now?(): number;
}

const DEFAULT_IDLE_TIMEOUT_MS = 60_000;

declare const Bun: unknown;

export function createTransport(options: TransportOptions): Transport {
  const { clientCertificate, idleTimeoutMs = DEFAULT_IDLE_TIMEOUT_MS, now = Date.now } = options;
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
      Math.min(request.timeoutMs, LONGEST_TIMER_MS),
    );
    try {
      const send = await wire;
      const trusted = await authorities;
      controller.signal.throwIfAborted();
      const answer = await send(request, { signal: controller.signal, proxy, authorities: trusted, clientCertificate });
      const { status, headers } = answer;
      return { status, headers, body: wholeBody(request, answer, { controller, idleTimeoutMs, now, onEnd: finish }) };
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

/** A body that is shorter than announced, or compressed and without its end, will fail. */
function wholeBody(
  { method }: TransportRequest,
  { status, headers, chunks, free }: WireAnswer,
  watch: Pick<BodyWatch, "controller" | "idleTimeoutMs" | "now" | "onEnd">,
): AnswerBody {
  const hasBody = method !== "HEAD" && status !== 204 && status !== 304;
  const announced = headers.get("content-length");
  const expectedBytes = hasBody && announced !== null && /^\d+$/.test(announced) ? Number(announced) : undefined;
  const encoding = (headers.get("content-encoding") ?? "identity").trim().toLowerCase();
  const isPlain = encoding === "identity" || encoding === "" || !hasBody || expectedBytes === 0;
  if (!isPlain && encoding !== "gzip" && encoding !== "x-gzip") {
    const fault = new NetworkFault("unknown_encoding", true, encoding);
    watch.controller.abort(fault);
    throw fault;
  }
  if (!isPlain) {
    // Both describe the bytes on the wire, and would mislead who reads the decoded ones.
    headers.delete("content-encoding");
    headers.delete("content-length");
  }
  return watchedBody(chunks, { ...watch, expectedBytes, isGzip: !isPlain, free });
}
