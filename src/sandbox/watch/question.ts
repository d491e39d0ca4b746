/** What a query asks for, in a few words. */
import type { SandboxCall } from "../call.ts";
import { Refusal } from "../refusal.ts";
import { LONGEST_NAME, shortened } from "./meaning.ts";

/** What a request to the query API or the export asks for: its kind, its events and its days. */
export async function questionOf(call: SandboxCall): Promise<string | undefined> {
  const kind = /^\/api\/(?:query|2\.0)\/(.+?)\/?$/.exec(call.url.pathname)?.[1];
  if (kind === undefined || kind.startsWith("nessie/")) return undefined;
  try {
    const fields = await call.fields();
    const words = ["event", "funnel_id", "distinct_id", "name"].map((name) => fields.text(name)).filter((one) =>
      one !== undefined
    ).map((word) => shortened(word, LONGEST_NAME));
    const [from, to] = [fields.text("from_date"), fields.text("to_date")];
    const days = from === undefined && to === undefined ? [] : [`${from ?? "…"} to ${to ?? "…"}`];
    return [[kind, ...words].join(" "), ...days].join(", ");
  } catch (error) {
    // expected: parameters that cannot be read, for which the request itself is refused with these words
    if (!(error instanceof Refusal)) throw error;
    return kind;
  }
}
