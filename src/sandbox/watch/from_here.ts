/** Who may see and control the sandbox: this machine, and in a browser only the sandbox's own page. */
import { type AccessRule, anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";

/** Requests from this machine alone, and none that a page of another site sends. */
export const fromHere: AccessRule = (call) => {
  refuseStrangers(call);
  // A browser says who asks, also where it sends no Origin.
  const site = call.request.headers.get("sec-fetch-site") ?? "none";
  if (site !== "same-origin" && site !== "none") throw foreignPage();
  return anyone(call);
};

/** The same for a page that is opened, which a link on another page may lead to. */
export const openedHere: AccessRule = (call) => {
  refuseStrangers(call);
  return anyone(call);
};

function refuseStrangers({ url, request, remoteAddress }: SandboxCall): void {
  // A caller inside this program has no address.
  if (!/^(?:127\.|::1$|::ffff:127\.|$)/.test(remoteAddress)) {
    throw new Refusal(403, "the sandbox's controls can be reached from its own machine only");
  }
  // A name that somebody has made point to this machine is not one of its own.
  const host = request.headers.get("host") ?? url.host;
  if (!isLoopbackHost(host) || !isLoopbackHost(url.host)) {
    throw new Refusal(403, "the sandbox's controls are reached as 127.0.0.1 or localhost only");
  }
  const origin = request.headers.get("origin");
  if (origin !== null && origin !== `http://${host}`) throw foreignPage();
}

function foreignPage(): Refusal {
  return new Refusal(403, "the sandbox's controls are not for pages of other sites");
}

function isLoopbackHost(host: string): boolean {
  return /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/i.test(host);
}
