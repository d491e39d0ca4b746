/** What went wrong between this machine and a server, in one vocabulary for all runtimes. */

export type FaultKind =
  /** The name has no address. */
  | "unknown_host"
  /** The name could not be looked up just now. */
  | "lookup_failed"
  | "refused"
  | "unreachable"
  /** The connection ended before the answer was whole. */
  | "reset"
  /** The answer's body ended early: too few bytes, or compressed data without its end. */
  | "cut"
  | "first_byte_timeout"
  | "idle_timeout"
  /** The answer's body arrives, but at next to nothing a second. */
  | "too_slow"
  | "connect_timeout"
  | "certificate_expired"
  | "certificate_not_yet_valid"
  | "certificate_untrusted"
  | "certificate_self_signed"
  | "certificate_name"
  | "tls"
  /** The proxy answered a tunnel request with something else than 200. */
  | "proxy_refused"
  | "proxy_unreachable"
  /** The answer's framing or its compressed data cannot be understood. */
  | "bad_answer"
  /** The answer is compressed in a way that nobody asked for. */
  | "unknown_encoding"
  | "other";

/** A failure of the network. `sent` is false only when the server surely has not seen the request. */
export class NetworkFault extends Error {
  constructor(
    readonly kind: FaultKind,
    readonly sent: boolean,
    /** The runtime's own words, for a trace. */
    readonly detail: string,
    options?: { cause?: unknown },
  ) {
    super(`${kind}: ${detail}`, options);
    this.name = "NetworkFault";
  }
}

/** By the codes of `error.code`, which Bun's fetch and `node:https` share. */
const KINDS: Record<string, FaultKind> = {
  ENOTFOUND: "unknown_host",
  ENODATA: "unknown_host",
  EAI_AGAIN: "lookup_failed",
  EAI_FAIL: "lookup_failed",
  ECONNREFUSED: "refused",
  FailedToOpenSocket: "refused",
  ConnectionRefused: "refused",
  EHOSTUNREACH: "unreachable",
  ENETUNREACH: "unreachable",
  EADDRNOTAVAIL: "unreachable",
  EACCES: "unreachable",
  ETIMEDOUT: "connect_timeout",
  ECONNRESET: "reset",
  ECONNABORTED: "reset",
  EPIPE: "reset",
  ConnectionClosed: "reset",
  CERT_HAS_EXPIRED: "certificate_expired",
  CERT_NOT_YET_VALID: "certificate_not_yet_valid",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT: "certificate_untrusted",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "certificate_untrusted",
  CERT_UNTRUSTED: "certificate_untrusted",
  SELF_SIGNED_CERT_IN_CHAIN: "certificate_untrusted",
  UNKNOWN_CERTIFICATE_VERIFICATION_ERROR: "certificate_untrusted",
  DEPTH_ZERO_SELF_SIGNED_CERT: "certificate_self_signed",
  ERR_TLS_CERT_ALTNAME_INVALID: "certificate_name",
  HOSTNAME_MISMATCH: "certificate_name",
  EPROTO: "tls",
  ERR_PROXY_TUNNEL: "proxy_refused",
};

const BEFORE_SENDING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "unknown_host",
  "lookup_failed",
  "refused",
  "unreachable",
  "connect_timeout",
  "certificate_expired",
  "certificate_not_yet_valid",
  "certificate_untrusted",
  "certificate_self_signed",
  "certificate_name",
  "tls",
  "proxy_refused",
  "proxy_unreachable",
]);

/** Puts a runtime's network error into our words; a `NetworkFault` is returned as it is. */
export function networkFault(error: unknown): NetworkFault {
  if (error instanceof NetworkFault) return error;
  const { code, message } = codeAndMessage(error);
  const detail = withoutAddresses(message);
  const kind = KINDS[code] ?? kindByText(code, message);
  return new NetworkFault(kind, !BEFORE_SENDING.has(kind), detail, { cause: error });
}

/** The same, with a proxy between: a refused connection or an unknown name is then the proxy's. */
export function proxyFault(error: unknown): NetworkFault {
  const fault = networkFault(error);
  const isProxys = OF_THE_NEXT_HOST.has(fault.kind);
  return isProxys ? new NetworkFault("proxy_unreachable", false, fault.detail, { cause: error }) : fault;
}

const OF_THE_NEXT_HOST: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "unknown_host",
  "lookup_failed",
  "refused",
  "unreachable",
  "connect_timeout",
]);

/** Bun puts the whole address into its messages, where a token may be; and advice for its own users. */
function withoutAddresses(message: string): string {
  return message
    .replace(/\s*For more information, pass .*$/s, "")
    .replace(/\s*fetching "[^"]*"\.?/g, "")
    .replace(/\b[a-z][a-z0-9+.-]*:\/\/\S+/gi, "…");
}

function codeAndMessage(error: unknown): { code: string; message: string } {
  const { code, message, cause } = (error ?? {}) as { code?: unknown; message?: unknown; cause?: unknown };
  const own = { code: typeof code === "string" ? code : "", message: String(message ?? error) };
  if (own.code !== "" || cause === undefined || cause === null) return own;
  return codeAndMessage(cause);
}

function kindByText(code: string, message: string): FaultKind {
  if (/^ERR_(SSL|TLS)_/.test(code) || /SSL routines|TLS handshake/i.test(message)) return "tls";
  if (/^HPE_|Malformed|parse/i.test(`${code} ${message}`)) return "bad_answer";
  if (/socket hang up|connection (was )?closed|aborted/i.test(message)) return "reset";
  return "other";
}
