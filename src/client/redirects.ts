/** Where a redirect leads, and whether it may be followed. */
import { MpError } from "../errors.ts";
import { doubtHint, isChange } from "./doubt.ts";
import { action, type Exchange } from "./errors.ts";
import { shownUrl } from "./trace.ts";
import type { WireRequest } from "./types.ts";
import { oneLine } from "./wording.ts";

const MAX_REDIRECTS = 5;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Whether an answer is the redirect that the request has asked for. */
export function isExpectedRedirect(
  { expectedRedirect }: Pick<WireRequest, "expectedRedirect">,
  { status, headers }: { status: number; headers: Headers },
): boolean {
  if (expectedRedirect === undefined || !REDIRECTS.has(status)) return false;
  const location = headers.get("location");
  return location === expectedRedirect ||
    (location !== null && URL.canParse(location) && URL.parse(expectedRedirect)?.href === new URL(location).href);
}

/**
 * The address to ask next, or undefined when the answer is not a redirect.
 *
 * Method and body stay as they are: App API routes answer 301 to an address without its final slash, and a
 * client that turns the POST into a GET then reads a list where it wanted to write. Only 303 asks for a GET.
 *
 * What changes something follows one redirect, and only one that says that nothing was done: 307, 308, or 301 for that
 * slash. What another address answers to a GET, such as the page to log in at, is no answer to it.
 *
 * @param carriesSecrets whether the request has credentials, a token or a body, which are for its own host alone
 * @throws MpError (network) for a redirect to another host with such a request, to plain HTTP, or into nowhere, and of a change
 */
export function redirectTarget(
  exchange: Exchange,
  answer: { status: number; headers: Headers },
  followed: number,
  carriesSecrets: boolean,
): { url: URL; asGet: boolean } | undefined {
  if (!REDIRECTS.has(answer.status)) return undefined;
  const location = answer.headers.get("location");
  if (location === null) return undefined;
  const url = URL.parse(location, exchange.url.href);
  if (url === null) throw refused(exchange, answer, "the address that it was sent on to is none");
  url.username = url.password = "";
  if (followed >= MAX_REDIRECTS) throw refused(exchange, answer, `redirected more than ${MAX_REDIRECTS} times`);
  if (exchange.url.protocol === "https:" && url.protocol !== "https:") {
    throw refused(exchange, answer, `redirected to ${shownUrl(url)}, which is not encrypted`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw refused(exchange, answer, `redirected to ${oneLine(url.protocol, 60)}`);
  }
  if (url.origin !== exchange.url.origin && carriesSecrets) {
    throw refused(
      exchange,
      answer,
      `redirected to ${oneLine(url.origin, 200)}, and credentials are not sent to another host`,
    );
  }
  if (isChange(exchange.request)) {
    const isSlash = answer.status === 301 && `${exchange.url.pathname}/` === url.pathname;
    if (answer.status < 307 && !isSlash) throw refused(exchange, answer, `redirected to ${shownUrl(url)}`);
    if (followed > 0) throw refused(exchange, answer, "redirected more than once");
  }
  return { url, asGet: answer.status === 303 };
}

function refused(exchange: Exchange, answer: { status: number }, state: string): MpError {
  const doubt = doubtHint(exchange.request);
  return new MpError(`${action(exchange)}: ${state}`, {
    category: "network",
    code: "redirect",
    status: answer.status,
    inDoubt: doubt !== undefined,
    hint: doubt ??
      (exchange.connection.baseUrl === undefined
        ? "does something between this machine and Mixpanel intercept connections?"
        : "is MP_API_BASE_URL the server's final address?"),
  });
}
