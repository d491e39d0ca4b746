/** Tells a webhook or Slack of a check whose state has changed. */
import type { Context } from "../../../cli/context.ts";
import { transportFor } from "../../../cli/transport.ts";
import { shortReason } from "../../../client/network_errors.ts";
import { MpError } from "../../../errors.ts";
import { NetworkFault } from "../../../runtime/network/network_fault.ts";
import { VERSION } from "../../../version.ts";
import { factsOf, lineOf, type Verdict } from "./verdict.ts";

const TIMEOUT_MS = 10_000;
/** Their servers refuse an object that has more than a text. */
const TEXT_ALONE = ["hooks.slack.com", "chat.googleapis.com"];

/** @returns why it was not told, without the address; undefined when it was. */
export async function notify(context: Context, address: URL, verdict: Verdict): Promise<string | undefined> {
  try {
    const send = await transportFor(await context.settings());
    const answer = await send({
      method: "POST",
      url: address,
      headers: { "content-type": "application/json", "user-agent": `mp/${VERSION}` },
      body: JSON.stringify(messageOf(address, verdict)),
      signal: context.signal,
      timeoutMs: context.globals.timeoutMs ?? TIMEOUT_MS,
    });
    await answer.body.cancel();
    return answer.status >= 200 && answer.status < 300 ? undefined : `${address.host} answered ${answer.status}`;
  } catch (error) {
    if (context.signal.aborted) throw error;
    // expected: a network that fails, since the check itself is done
    if (error instanceof NetworkFault) return `${address.host}: ${shortReason(error)}`;
    if (error instanceof MpError) return error.message;
    throw error;
  }
}

/** Slack reads `text`; its three characters of markup are escaped there. */
function messageOf(address: URL, verdict: Verdict): Record<string, unknown> {
  const line = lineOf({ ...verdict, performance: undefined }).trimEnd();
  if (address.host !== "hooks.slack.com") {
    return TEXT_ALONE.includes(address.host) ? { text: line } : { text: line, ...factsOf(verdict) };
  }
  return { text: line.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;") };
}
