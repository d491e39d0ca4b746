/**
 * What differs between versions of the protocol: https://modelcontextprotocol.io/specification/2026-07-28.
 *
 * Up to 2025-11-25 a client begins with `initialize`, and the server may send requests of its own. Since 2026-07-28
 * there is no beginning: each request says in its `_meta` which version it is of and what the client can do, each result
 * says what kind it is, and a server asks by a result of the kind `input_required`, after which the client sends the same
 * request again with the answer.
 */
import { isObject } from "../streams/json/is_object.ts";
import { RPC_ERRORS, RpcError } from "./rpc.ts";

/** Newest first. */
const WITH_INITIALIZE = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"];
const STATELESS = ["2026-07-28"];

const META = "io.modelcontextprotocol/";
/** The first version whose tools may answer with links to resources. */
const FIRST_WITH_LINKS = "2025-06-18";

/** What the other side of a request is and can do. */
export interface McpClient {
  version: string;
  isStateless: boolean;
  canAsk: boolean;
  takesLinks: boolean;
}

/** The version to answer `initialize` with: the client's own if it is known, else the newest of its kind. */
export function agreedVersion(asked: unknown): string {
  return WITH_INITIALIZE.find((one) => one === asked) ?? WITH_INITIALIZE[0]!;
}

export function clientOf(version: string, capabilities: unknown): McpClient {
  return {
    version,
    isStateless: STATELESS.includes(version),
    canAsk: isObject(capabilities) && hasForms(capabilities.elicitation),
    takesLinks: version >= FIRST_WITH_LINKS,
  };
}

/** A client that takes forms says so, or says nothing of what it takes. */
function hasForms(elicitation: unknown): boolean {
  return isObject(elicitation) && (Object.keys(elicitation).length === 0 || "form" in elicitation);
}

/**
 * The client of a request that says which version it is of; undefined for one that doesn't.
 *
 * @throws RpcError for a version that is not known.
 */
export function statelessClient(params: Readonly<Record<string, unknown>>): McpClient | undefined {
  const meta = isObject(params._meta) ? params._meta : {};
  const version = meta[`${META}protocolVersion`];
  if (version === undefined) return undefined;
  if (typeof version === "string" && STATELESS.includes(version)) {
    return clientOf(version, meta[`${META}clientCapabilities`]);
  }
  throw new RpcError(RPC_ERRORS.unsupportedVersion, `Unsupported protocol version: ${String(version)}`, {
    supported: [...STATELESS, ...WITH_INITIALIZE],
    requested: String(version),
  });
}

/** The level of the log that a request asks for. */
export function logLevelOf(params: Readonly<Record<string, unknown>>): unknown {
  return isObject(params._meta) ? params._meta[`${META}logLevel`] : undefined;
}

/** Tools stay as they are while the server runs; answers are kept and forgotten. */
const LASTING_MS = 3_600_000;
const LASTING: Readonly<Record<string, number>> = {
  "server/discover": LASTING_MS,
  "tools/list": LASTING_MS,
  "resources/list": 0,
  "resources/templates/list": LASTING_MS,
  "resources/read": 0,
};

/** A result with what stateless versions want in each. */
export function statelessResult(
  method: string,
  result: Record<string, unknown>,
  serverInfo: Record<string, unknown>,
): Record<string, unknown> {
  return {
    resultType: "complete",
    ...Object.hasOwn(LASTING, method) && { ttlMs: LASTING[method], cacheScope: "private" },
    ...result,
    _meta: { [`${META}serverInfo`]: serverInfo },
  };
}

export const statelessVersions = (): string[] => [...STATELESS];
