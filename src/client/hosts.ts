/** Where each API family lives. All hosts and path prefixes of Mixpanel are in this file. */
import { inputError } from "../errors.ts";
import type { Connection, Family, Region, WireRequest } from "./types.ts";

type Server = "web" | "ingestion" | "data";

/** The origins of the reference's table of regions. */
const ORIGINS: Record<Server, Record<Region, string>> = {
  web: { us: "https://mixpanel.com", eu: "https://eu.mixpanel.com", in: "https://in.mixpanel.com" },
  ingestion: {
    us: "https://api.mixpanel.com",
    eu: "https://api-eu.mixpanel.com",
    in: "https://api-in.mixpanel.com",
  },
  data: {
    us: "https://data.mixpanel.com",
    eu: "https://data-eu.mixpanel.com",
    in: "https://data-in.mixpanel.com",
  },
};

const FAMILIES: Record<Family, { server: Server; prefix: string }> = {
  ingestion: { server: "ingestion", prefix: "" },
  flags: { server: "ingestion", prefix: "" },
  query: { server: "web", prefix: "/api/query" },
  query_old: { server: "web", prefix: "/api/2.0" },
  export: { server: "data", prefix: "/api/2.0" },
  pipelines: { server: "data", prefix: "/api/2.0/nessie/pipeline" },
  app: { server: "web", prefix: "/api/app" },
  oauth: { server: "web", prefix: "/oauth" },
  root: { server: "web", prefix: "" },
};

/** Which hosts to use: a region's, or one origin for all families. */
export type HostChoice = Pick<Connection, "region" | "baseUrl">;

/** The address that a family's paths are appended to, without a slash at its end. */
export function familyUrl(family: Family, hosts: HostChoice): string {
  const { server, prefix } = FAMILIES[family];
  const origin = hosts.baseUrl === undefined ? ORIGINS[server][hosts.region] : checkedBaseUrl(hosts.baseUrl);
  return origin + prefix;
}

/** A family's path with its prefix, as `MP_API_BASE_URL` is followed by it. */
export function pathOf(family: Family, path: string): string {
  return FAMILIES[family].prefix + path;
}

/** Paths of the ingestion hosts have no prefix of their own. */
const INGESTION = /^\/(track|engage|groups|import|lookup-tables)(\/|$)/;

/** The family that a path with its prefix belongs to, and the rest of the path; undefined for a path of none. */
export function familyOf(path: string): { family: Family; path: string } | undefined {
  if (/^\/api\/2\.0\/export\/?$/.test(path)) return { family: "export", path: "/export" };
  if (path.startsWith("/api/2.0/data-pipelines/")) return { family: "export", path: path.slice("/api/2.0".length) };
  if (INGESTION.test(path)) return { family: "ingestion", path };
  if (/^\/flags(\/|$)/.test(path)) return { family: "flags", path };
  const byLength = (["pipelines", "query", "query_old", "app", "oauth"] as const)
    .toSorted((a, b) => FAMILIES[b].prefix.length - FAMILIES[a].prefix.length);
  const family = byLength.find((one) => path.startsWith(FAMILIES[one].prefix + "/"));
  return family && { family, path: path.slice(FAMILIES[family].prefix.length) };
}

/** The complete address of a request. `extraQuery` stands before the request's own parameters. */
export function requestUrl(
  request: Pick<WireRequest, "family" | "path" | "query">,
  hosts: HostChoice,
  extraQuery: readonly [string, string][] = [],
): URL {
  const address = familyUrl(request.family, hosts) + request.path;
  const [path, ownQuery] = splitOnce(address, "?");
  const pairs = [...extraQuery, ...request.query].map(([name, value]) =>
    `${encodeURIComponent(name)}=${encodeURIComponent(value)}`
  );
  if (ownQuery !== undefined && ownQuery !== "") pairs.unshift(ownQuery);
  const url = new URL(pairs.length === 0 ? path : `${path}?${pairs.join("&")}`);
  if (path.split("/").some((segment) => /^(\.|%2e){1,2}$/i.test(segment))) {
    throw inputError(`Cannot ask for ${request.path}: "." and ".." cannot stand in a path`, undefined, "bad_path");
  }
  return url;
}

/** Whether an address is on this machine. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return host === "localhost" || host.endsWith(".localhost") || host === "::1" || /^127(\.\d+){3}$/.test(host);
}

function checkedBaseUrl(text: string): string {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw inputError(
      `Cannot use ${JSON.stringify(text)} as MP_API_BASE_URL: it is not a URL`,
      "write it as https://host or http://127.0.0.1:8080",
      "bad_base_url",
    );
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw badBaseUrl(url, "only http and https work");
  }
  if (url.username !== "" || url.password !== "") {
    throw badBaseUrl(url, "credentials do not belong into it", "set MP_USERNAME and MP_SECRET");
  }
  if (url.search !== "" || url.hash !== "") throw badBaseUrl(url, "it has a query string or a fragment");
  return url.origin + url.pathname.replace(/\/+$/, "");
}

function badBaseUrl(url: URL, state: string, hint?: string): Error {
  return inputError(`Cannot use ${url.protocol}//${url.host} as MP_API_BASE_URL: ${state}`, hint, "bad_base_url");
}

function splitOnce(text: string, separator: string): [string, string | undefined] {
  const index = text.indexOf(separator);
  return index < 0 ? [text, undefined] : [text.slice(0, index), text.slice(index + separator.length)];
}
