/** From a fault of the network to an error in plain words. */
import { MpError } from "../errors.ts";
import type { FaultKind, NetworkFault } from "../runtime/network/network_fault.ts";
import { LEAST_BYTES_PER_SECOND } from "../runtime/network/transport_body.ts";
import { doubtHint } from "./doubt.ts";
import { seenOfChange } from "./error_body.ts";
import { action, baseUrlPlace, type Exchange } from "./errors.ts";
import { formatWait, oneLine } from "./wording.ts";

const TRUST_HINT =
  "behind a company's proxy or with a private authority: name its PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";

/** Faults after which the same request may work in a moment. */
export const PASSING_FAULTS: ReadonlySet<string> = new Set<FaultKind>([
  "lookup_failed",
  "refused",
  "unreachable",
  "reset",
  "cut",
  "connect_timeout",
  "idle_timeout",
  "too_slow",
]);

export function isPassing(fault: NetworkFault): boolean {
  return PASSING_FAULTS.has(fault.kind);
}

/** What has happened between this machine and a host, in the words of a message. */
export const FAULT_STATES: Readonly<Partial<Record<FaultKind, (host: string) => string>>> = {
  unknown_host: (host) => `there is no host ${host}`,
  lookup_failed: (host) => `the name ${host} could not be looked up`,
  refused: (host) => `${host} refused the connection`,
  unreachable: (host) => `${host} cannot be reached`,
  connect_timeout: (host) => `${host} cannot be reached`,
  reset: (host) => `${host} closed the connection before it had answered`,
  cut: (host) => `the answer of ${host} ended early`,
  first_byte_timeout: (host) => `${host} did not answer in time`,
  idle_timeout: (host) => `the answer of ${host} stopped arriving`,
  too_slow: (host) => `the answer of ${host} arrived at less than ${LEAST_BYTES_PER_SECOND} bytes a second`,
  certificate_expired: (host) => `the certificate of ${host} has expired`,
  certificate_not_yet_valid: (host) => `the certificate of ${host} is not valid yet`,
  certificate_untrusted: (host) => `the certificate of ${host} comes from an unknown authority`,
  certificate_self_signed: (host) => `the certificate of ${host} is self-signed`,
  certificate_name: (host) => `the certificate of ${host} is for another name`,
  tls: (host) => `no secure connection with ${host} could be made`,
  proxy_refused: (host) => `the proxy refused to connect to ${host}`,
  proxy_unreachable: () => "the proxy cannot be reached",
};

/** `connection reset`, for the notice of a wait. */
export function shortReason(fault: NetworkFault): string {
  switch (fault.kind) {
    case "refused":
      return "connection refused";
    case "reset":
    case "cut":
      return "connection lost";
    case "lookup_failed":
      return "name lookup failed";
    default:
      return "no connection";
  }
}

/** The error for a fault; `received` is what came of the answer before. */
export function networkError(fault: NetworkFault, exchange: Exchange, timeoutMs: number, received = ""): MpError {
  const message = `${action(exchange)}: ${stateOf(fault, exchange.url, timeoutMs)}`;
  const doubt = fault.sent ? doubtHint(exchange.request) : undefined;
  return new MpError(message, {
    category: "network",
    code: fault.kind,
    hint: doubt ?? hintOf(fault, exchange),
    inDoubt: doubt !== undefined,
    ...doubt !== undefined && received !== "" && seenOfChange(received),
    cause: fault,
  });
}

function stateOf({ kind, detail }: NetworkFault, { host, hostname }: URL, timeoutMs: number): string {
  switch (kind) {
    case "first_byte_timeout":
      return `no answer within ${formatWait(timeoutMs)}`;
    case "proxy_refused":
      return `the proxy refused to connect to ${host} (${oneLine(detail, 120)})`;
    case "bad_answer":
      return `the answer of ${host} cannot be understood`;
    case "unknown_encoding":
      return `the answer of ${host} is compressed as ${oneLine(detail, 40)}, and only gzip was asked for`;
    default: {
      const isOfName = kind === "unknown_host" || kind === "lookup_failed";
      return FAULT_STATES[kind]?.(isOfName ? hostname : host) ?? `the network failed: ${oneLine(detail, 200)}`;
    }
  }
}

const PROXY_HINT = "is the network up? A network that needs a proxy needs HTTPS_PROXY";

function hintOf({ kind }: NetworkFault, exchange: Exchange): string | undefined {
  const own = exchange.connection.baseUrl === undefined ? undefined : baseUrlPlace(exchange);
  switch (kind) {
    case "unknown_host":
    case "unreachable":
    case "connect_timeout":
      return own ? `check ${own}` : PROXY_HINT;
    case "lookup_failed":
      return "is the network up?";
    case "refused":
      return own ? `does the server of ${own} run? 'mp sandbox' starts one` : PROXY_HINT;
    case "reset":
    case "cut":
    case "idle_timeout":
    case "too_slow":
      return "run the command again";
    case "first_byte_timeout":
      return "allow more time with --timeout";
    case "certificate_expired":
    case "certificate_not_yet_valid":
      return "is this machine's clock right?";
    case "certificate_untrusted":
    case "certificate_self_signed":
      return TRUST_HINT;
    case "certificate_name":
      return own ? `use the host's own name in ${own}` : TRUST_HINT;
    case "tls":
      return own ? `does the server speak HTTPS? Otherwise ${own} begins with http://` : TRUST_HINT;
    case "proxy_refused":
      return "if it needs credentials, put them into its address: http://user:password@host:port";
    case "proxy_unreachable":
      return "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or set NO_PROXY";
    case "bad_answer":
    case "unknown_encoding":
      return own && `check ${own}`;
    case "other":
      return undefined;
  }
}
