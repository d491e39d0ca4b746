/** What `-v` says about requests and answers, and addresses that are fit to be shown. */
import { type Authorization, credentialLabel } from "./authorize.ts";
import { redact } from "./redact.ts";
import { formatSize } from "./wording.ts";

/** Query parameters whose values are never shown. */
const SECRET_PARAMETERS = /^(token|api_key|api_secret|secret|sig|signature|access_token|client_secret|code|password)$/i;

/** An address without user, password and the values of secret parameters. */
export function shownUrl(url: URL): string {
  const query = url.search.slice(1).split("&").filter((pair) => pair !== "").map((pair) => {
    const [name = ""] = pair.split("=", 1);
    return SECRET_PARAMETERS.test(decoded(name)) ? `${name}=…` : pair;
  });
  return redact(`${url.protocol}//${url.host}${url.pathname}${query.length === 0 ? "" : `?${query.join("&")}`}`);
}

/** `→ GET https://mixpanel.com/api/query/funnels?project_id=1 (service account ana)`. */
export function requestLine(method: string, url: URL, authorization: Authorization | undefined, bodyBytes = 0): string {
  const body = bodyBytes === 0 ? "" : `, ${formatSize(bodyBytes)}`;
  return `→ ${method} ${shownUrl(url)} (${credentialLabel(authorization)}${body})`;
}

/** `← 200 in 123 ms, 4.5 kB`. */
export function answerLine(status: number, elapsedMs: number, bodyBytes: number | "streaming"): string {
  const size = bodyBytes === "streaming" ? "streaming" : formatSize(bodyBytes);
  return `← ${status} in ${Math.round(elapsedMs)} ms, ${size}`;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch { // expected: URIError, for percent signs that stand for themselves
    return name;
  }
}
