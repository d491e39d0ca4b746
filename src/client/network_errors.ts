/** From a fault of the network to an error in plain words. */
import { MpError } from "../errors.ts";
import type { FaultKind, NetworkFault } from "../runtime/network/network_fault.ts";
import { action, baseUrlPlace, type Exchange } from "./errors.ts";
import { formatWait, oneLine } from "./wording.ts";

const TRUST_HINT =
  "behind a company's proxy or with a private authority: name its PEM file in SSL_CERT_FILE or NODE_EXTRA_CA_CERTS";

/** Whether the same request may work in a moment. */
export function isPassing(fault: NetworkFault): boolean {
  return PASSING.has(fault.kind);
}

const PASSING: ReadonlySet<FaultKind> = new Set<FaultKind>([
  "lookup_failed",
  "refused",
  "unreachable",
  "reset",
  "cut",
  "connect_timeout",
  "idle_timeout",
]);

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

/** The error for a fault. */
export function networkError(fault: NetworkFault, exchange: Exchange, timeoutMs: number): MpError {
  const { state, hint } = inWords(fault, exchange, timeoutMs);
  return new MpError(`${action(exchange)}: ${state}`, { category: "network", code: fault.kind, hint, cause: fault });
}

function inWords(fault: NetworkFault, exchange: Exchange, timeoutMs: number): { state: string; hint?: string } {
  const { host, hostname } = exchange.url;
  const own = exchange.connection.baseUrl === undefined ? undefined : baseUrlPlace(exchange);
  switch (fault.kind) {
    case "unknown_host":
      return {
        state: `there is no host ${hostname}`,
        hint: own ? `check ${own}` : "is the network up? A network that needs a proxy needs HTTPS_PROXY",
      };
    case "lookup_failed":
      return { state: `the name ${hostname} could not be looked up`, hint: "is the network up?" };
    case "refused":
      return {
        state: `${host} refused the connection`,
        hint: own ? `does the server of ${own} run? 'mp sandbox' starts one` : proxyHint(),
      };
    case "unreachable":
    case "connect_timeout":
      return { state: `${host} cannot be reached`, hint: own ? `check ${own}` : proxyHint() };
    case "reset":
      return { state: `${host} closed the connection before it had answered`, hint: lostHint(exchange) };
    case "cut":
      return { state: `the answer of ${host} ended early`, hint: lostHint(exchange) };
    case "first_byte_timeout":
      return { state: `no answer within ${formatWait(timeoutMs)}`, hint: "allow more time with --timeout" };
    case "idle_timeout":
      return { state: `the answer of ${host} stopped arriving`, hint: lostHint(exchange) };
    case "certificate_expired":
      return { state: `the certificate of ${host} has expired`, hint: "is this machine's clock right?" };
    case "certificate_not_yet_valid":
      return { state: `the certificate of ${host} is not valid yet`, hint: "is this machine's clock right?" };
    case "certificate_untrusted":
      return { state: `the certificate of ${host} comes from an unknown authority`, hint: TRUST_HINT };
    case "certificate_self_signed":
      return { state: `the certificate of ${host} is self-signed`, hint: TRUST_HINT };
    case "certificate_name":
      return {
        state: `the certificate of ${host} is for another name`,
        hint: own ? `use the host's own name in ${own}` : TRUST_HINT,
      };
    case "tls":
      return {
        state: `no secure connection with ${host} could be made`,
        hint: own ? `does the server speak HTTPS? Otherwise ${own} begins with http://` : TRUST_HINT,
      };
    case "proxy_refused":
      return {
        state: `the proxy refused to connect to ${host} (${oneLine(fault.detail, 120)})`,
        hint: "if it wants credentials, put them into its address: http://user:password@host:port",
      };
    case "proxy_unreachable":
      return {
        state: "the proxy cannot be reached",
        hint: "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or set NO_PROXY",
      };
    case "bad_answer":
      return { state: `the answer of ${host} cannot be understood`, hint: own ? `check ${own}` : undefined };
    case "other":
      return { state: `the network failed: ${oneLine(fault.detail, 200)}` };
  }
}

function proxyHint(): string {
  return "is the network up? A network that needs a proxy needs HTTPS_PROXY";
}

/** For answers that were lost: whether the server has done what it was asked is not known. */
function lostHint({ request }: Exchange): string {
  return request.method === "GET" ? "run the command again" : "look whether it was done before you run it again";
}
