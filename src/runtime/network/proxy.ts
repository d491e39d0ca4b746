/** Which proxy a request goes through: the rules of `HTTP_PROXY`, `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY`. */
import { inputError } from "../../errors.ts";

/** Proxy variables as the environment gives them. */
export interface ProxyVariables {
  http?: string;
  https?: string;
  all?: string;
  none?: string;
}

/**
 * The proxy for a URL, or undefined for a direct connection. Follows curl: the variable of the URL's own scheme
 * takes precedence over `ALL_PROXY`, and a proxy without a scheme speaks HTTP.
 *
 * The runtimes have rules of their own that differ (Deno knows neither `*` nor `host:port`), so neither is asked.
 *
 * @throws MpError (input) when the proxy's address cannot be used.
 */
export function proxyFor(url: URL, variables: ProxyVariables): URL | undefined {
  const own = url.protocol === "https:" ? variables.https : variables.http;
  const value = (own || variables.all || "").trim();
  if (value === "" || isExempt(url, variables.none ?? "")) return undefined;
  const name = own ? `${url.protocol.slice(0, -1).toUpperCase()}_PROXY` : "ALL_PROXY";
  let proxy: URL;
  try {
    proxy = new URL(withScheme(value));
  } catch {
    // The value is not shown: it may carry a password.
    throw inputError(
      `Cannot use the proxy in ${name}: it is not a URL`,
      `write it as http://host:port`,
      "bad_proxy",
    );
  }
  if (proxy.protocol !== "http:" && proxy.protocol !== "https:") {
    throw inputError(
      `Cannot use the proxy in ${name}: the scheme ${proxy.protocol.slice(0, -1)} is not supported`,
      "mp speaks to HTTP and HTTPS proxies; unset the variable or name such a proxy",
      "bad_proxy",
    );
  }
  return proxy;
}

/** The value of `Proxy-Authorization` for a proxy URL that carries a user name. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === "" && proxy.password === "") return undefined;
  const pair = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  return `Basic ${new TextEncoder().encode(pair).toBase64()}`;
}

/** The password in a proxy's address as the environment gives it; undefined without one. */
export function proxyPassword(address: string | undefined): string | undefined {
  const password = URL.parse(withScheme(address ?? ""))?.password;
  if (!password) return undefined;
  try {
    return decodeURIComponent(password);
  } catch { // expected: URIError, for percent signs that stand for themselves
    return password;
  }
}

function withScheme(address: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `http://${address}`;
}

/** Where machines in a cloud get their credentials: to a proxy, these names mean its own machine. */
const METADATA_HOST = /^(169\.254\.\d+\.\d+|metadata\.google\.internal)$/;

/**
 * Whether `NO_PROXY` names the host: `*`, a host, a domain with or without a leading dot, an address, each
 * with an optional port. Loopback is not exempt by itself.
 */
function isExempt(url: URL, none: string): boolean {
  const host = bareHost(url.hostname);
  if (METADATA_HOST.test(host)) return true;
  const port = url.port || (url.protocol === "https:" ? "443" : "80");
  return none.split(/[\s,]+/).filter((entry) => entry !== "").some((entry) => {
    if (entry === "*") return true;
    const { name, port: wantedPort } = splitPort(entry.toLowerCase());
    if (wantedPort !== undefined && wantedPort !== port) return false;
    const domain = bareHost(name).replace(/^\*?\./, "");
    return domain !== "" && (host === domain || host.endsWith(`.${domain}`));
  });
}

function bareHost(host: string): string {
  return host.toLowerCase().replace(/^\[|\]$/g, "").replace(/\.$/, "");
}

function splitPort(entry: string): { name: string; port?: string } {
  const bracketed = /^(\[[^\]]*\])(?::(\d+))?$/.exec(entry);
  if (bracketed) return { name: bracketed[1]!, port: bracketed[2] };
  // More than one colon without brackets is an IPv6 address, which has no port.
  const withPort = /^([^:]+):(\d+)$/.exec(entry);
  return withPort ? { name: withPort[1]!, port: withPort[2] } : { name: entry };
}
