/**
 * Who may ask the sandbox, as far as a browser is concerned. A page of any site can send requests to this machine, and
 * a name that its owner points to 127.0.0.1 makes them look like its own; nothing of that may read or command a sandbox.
 */
import { Refusal } from "./refusal.ts";
import type { SandboxSettings } from "./settings.ts";

/**
 * Which pages an endpoint answers: those of allowed origins (what takes a project's token, as the browser SDK sends it),
 * any page that opens it as a page (`opened`), or only the sandbox's own (all that needs a secret, and its controls).
 */
export type Visitors = "allowed" | "opened" | "own";

type Rules = Pick<SandboxSettings, "allowOrigins" | "hosts">;

/** @throws Refusal 403 when the request is not addressed to a name of this machine. */
export function requireOwnName(request: Request, { hosts }: Rules): void {
  const url = new URL(request.url);
  const host = request.headers.get("host") ?? url.host;
  const isOwn = (one: string) => isLoopbackHost(one) || hosts.includes(one.replace(/:\d+$/, "").toLowerCase());
  if (isOwn(host) && isOwn(url.host)) return;
  throw new Refusal(403, "the sandbox is reached as 127.0.0.1 or localhost only");
}

/** @throws Refusal 403 when a page sends the request that the endpoint does not answer. */
export function requireVisitor(request: Request, visitors: Visitors, rules: Rules): void {
  const origin = askingOrigin(request);
  if (origin === undefined || isOwnOrigin(origin, request)) return;
  if (visitors === "allowed") {
    if (isAllowedOrigin(origin, rules)) return;
    throw new Refusal(403, `pages of ${origin} are not allowed: start the sandbox with --allow-origin ${origin}`);
  }
  const isOpened = request.method === "GET" && request.headers.get("sec-fetch-mode") === "navigate";
  if (visitors === "opened" && isOpened && !request.headers.has("origin")) return;
  throw new Refusal(403, "the sandbox does not answer pages of other sites here");
}

/**
 * What lets a page of an allowed origin read an answer, and send what a simple request cannot. Empty for requests that
 * no such page sends.
 */
export function openingHeaders(request: Request, visitors: Visitors, rules: Rules): Record<string, string> {
  const origin = request.headers.get("origin");
  if (visitors !== "allowed" || (origin !== null && !isAllowedOrigin(origin, rules))) return {};
  return {
    "access-control-allow-origin": origin ?? "*",
    "access-control-allow-headers": request.headers.get("access-control-request-headers") ?? "*",
    ...(origin === null ? {} : { "access-control-allow-credentials": "true", vary: "Origin" }),
    ...(request.headers.has("access-control-request-private-network")
      ? { "access-control-allow-private-network": "true" }
      : {}),
  };
}

/** Whether a host, with or without a port, is a name that always means this machine. */
function isLoopbackHost(host: string): boolean {
  return /^(?:(?:[a-z0-9-]+\.)*localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host);
}

/** The origin of the page that sends a request; undefined when no page of another origin does. */
function askingOrigin(request: Request): string | undefined {
  const origin = request.headers.get("origin");
  if (origin !== null) return origin;
  // Images, scripts, links and forms send no Origin with GET, but say that they come from elsewhere.
  const site = request.headers.get("sec-fetch-site") ?? "none";
  if (site === "none" || site === "same-origin") return undefined;
  const referrer = request.headers.get("referer") ?? "";
  return URL.canParse(referrer) ? new URL(referrer).origin : "null";
}

function isOwnOrigin(origin: string, request: Request): boolean {
  const { protocol, host } = new URL(request.url);
  return origin === `${protocol}//${request.headers.get("host") ?? host}`;
}

function isAllowedOrigin(origin: string, { allowOrigins }: Rules): boolean {
  if (allowOrigins.includes(origin) || allowOrigins.includes("*")) return true;
  if (!/^https?:\/\//.test(origin) || !URL.canParse(origin)) return false;
  return isLoopbackHost(new URL(origin).host);
}
