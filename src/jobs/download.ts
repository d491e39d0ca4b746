/** Fetches a file from an address that Mixpanel has given, such as the result of a retrieval. */
import { MpError } from "../errors.ts";
import { NetworkFault } from "../runtime/network/network_fault.ts";
import type { Transport, TransportAnswer } from "../runtime/network/transport.ts";
import { signedAddress } from "./signed_address.ts";
import type { Target } from "./target.ts";

export interface DownloadOptions {
  timeoutMs: number;
  userAgent: string;
  signal?: AbortSignal;
  /** What to do about a link that has run out. */
  expiredHint?: string;
}

const MOST_REDIRECTS = 5;

/**
 * Fetches the file into a target, and returns its bytes' number. The address is a secret in itself: no credentials go
 * with it, and no message has its query string.
 *
 * @throws MpError (not_found) when the link has run out, (network) when the file does not arrive whole.
 */
export async function download(
  transport: Transport,
  address: string,
  target: Target,
  options: DownloadOptions,
): Promise<number> {
  const url = checkedAddress(address);
  let bytes = 0;
  async function* content(): AsyncGenerator<Uint8Array> {
    const { body } = await followed(transport, url, options);
    for await (const chunk of body) {
      bytes += chunk.length;
      yield chunk;
    }
  }
  try {
    await target.take(content());
    return bytes;
  } catch (error) {
    options.signal?.throwIfAborted();
    if (!(error instanceof NetworkFault)) throw error;
    throw new MpError(`Cannot download from ${url.host}: ${error.detail}`, {
      category: "network",
      code: error.kind,
      hint: target.leftover?.() ?? "run the command again",
      cause: error,
    });
  }
}

/** The last part of an address's path, as a file would be called. */
export function fileNameOf(address: string): string | undefined {
  const name = checkedAddress(address).pathname.split("/").pop() ?? "";
  return /^[\w.-]*\w[\w.-]*$/.test(name) ? name : undefined;
}

async function followed(transport: Transport, first: URL, options: DownloadOptions): Promise<TransportAnswer> {
  let url = first;
  for (let redirects = 0;; redirects++) {
    const answer = await transport({
      method: "GET",
      url,
      // Compressed files are wanted as they are.
      headers: { "user-agent": options.userAgent, "accept-encoding": "identity" },
      signal: options.signal,
      timeoutMs: options.timeoutMs,
    });
    if (answer.status >= 200 && answer.status < 300) return answer;
    await answer.body.cancel();
    const location = answer.headers.get("location");
    if (answer.status >= 300 && answer.status < 400 && location !== null && redirects < MOST_REDIRECTS) {
      url = checkedAddress(new URL(location, url).href);
      continue;
    }
    throw refused(url, answer.status, options.expiredHint);
  }
}

function refused(url: URL, status: number, expiredHint?: string): MpError {
  const isGone = status === 403 || status === 404 || status === 410;
  return new MpError(`Cannot download from ${url.host}: it answered ${status}`, {
    category: isGone ? "not_found" : status >= 500 ? "server" : "failure",
    code: isGone ? "link_expired" : "download_refused",
    hint: isGone ? expiredHint ?? "links run out; ask for a new one" : undefined,
    status,
  });
}

const checkedAddress = (address: string): URL =>
  signedAddress(address, "download", "see it in the answer, with --format json");
