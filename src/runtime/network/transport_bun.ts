/** The transport's adapter for Bun: `fetch`, which starts 20 ms sooner than `node:https` does. */
import { freeMemory } from "../compression/free_memory.ts";
import { reportGarbage, takeBackGarbage } from "../garbage.ts";
import { proxyFault } from "./network_fault.ts";
import type { TransportRequest, WireAnswer, WireOptions } from "./wire.ts";

/** What Bun's `fetch` takes beside the standard's options. */
interface BunFetchOptions extends RequestInit {
  /** False keeps Bun from looking at the environment's proxy variables itself. */
  proxy: string | false;
  /** Said with each request, since the environment's NODE_TLS_REJECT_UNAUTHORIZED would decide otherwise. */
  tls: { rejectUnauthorized: true; ca?: string[]; cert?: string; key?: string };
  decompress: false;
  /** False lifts Bun's own limit of five minutes. */
  timeout: false;
}

export async function sendWithBun(request: TransportRequest, options: WireOptions): Promise<WireAnswer> {
  const init: BunFetchOptions = {
    method: request.method,
    headers: request.headers,
    body: request.body as BodyInit | undefined,
    redirect: "manual",
    signal: options.signal,
    keepalive: !request.freshConnection,
    proxy: options.proxy?.href ?? false,
    tls: tlsOf(options),
    decompress: false,
    timeout: false,
  };
  let response: Response;
  try {
    response = await fetch(request.url.href, init);
  } catch (error) {
    throw options.proxy === undefined ? error : proxyFault(error);
  }
  return { status: response.status, headers: new Headers(response.headers), chunks: chunksOf(response.body), free };
}

function tlsOf({ authorities, clientCertificate }: WireOptions): BunFetchOptions["tls"] {
  return {
    rejectUnauthorized: true,
    ca: authorities,
    cert: clientCertificate?.certificate,
    key: clientCertificate?.key,
  };
}

/** Bun's collector does not see how much memory the chunks of a body hold, and lets it pile up to 40 MB. */
function free(chunk: Uint8Array): void {
  takeBackGarbage(chunk.length);
  freeMemory(chunk);
}

function chunksOf(body: ReadableStream<Uint8Array> | null): AsyncIterator<Uint8Array> {
  const over: IteratorReturnResult<undefined> = { done: true, value: undefined };
  if (body === null) return { next: () => Promise.resolve(over) };
  const reader = body.getReader();
  return {
    async next() {
      const { done, value } = await reader.read();
      if (done) return over;
      reportGarbage(value.length);
      return { done, value };
    },
    return: () => reader.cancel().then(() => over),
  };
}
