/**
 * Addresses that Mixpanel signs, of other servers: whoever has one may use it. No credentials are sent to them, and no
 * message has their query strings.
 */
import { isLoopback } from "../client/hosts.ts";
import { MpError } from "../errors.ts";

/**
 * The address as a URL. There are servers that give one without its scheme.
 *
 * @param action what cannot be done otherwise, for the message
 * @throws MpError (server) for one that is neither https nor this machine's
 */
export function signedAddress(address: string, action: string, hint?: string): URL {
  const whole = /^[a-z][a-z0-9+.-]*:\/\//i.test(address) ? address : `https://${address}`;
  const url = URL.canParse(whole) ? new URL(whole) : undefined;
  if (url !== undefined && (url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url)))) return url;
  throw new MpError(`Cannot ${action}: the server's link is not an https address`, {
    category: "server",
    code: "unexpected_answer",
    hint,
  });
}
