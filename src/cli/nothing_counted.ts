/** What is said of a report that counts nothing: the name may be misspelt. Costs no query: only what was kept is asked. */
import type { LiveKind } from "../api/params.ts";
import { listedBy } from "../api/params.ts";
import { nearest } from "../streams/nearest.ts";
import type { Context } from "./context.ts";
import { keptValues } from "./live_values.ts";

/** What a report was about besides its events. */
interface Asked {
  where?: string;
  /** The numeric property that it adds up. */
  on?: string;
}

/** The note on events of which nothing was counted; of no event in particular when none is named. */
export async function nothingCounted(context: Context, events: readonly string[], asked: Asked = {}): Promise<string> {
  const [event] = events;
  if (event === undefined) return "Nothing was counted in these days";
  const [what, passed] = asked.on === undefined
    ? [`No ${events.map(quoted).join(" or ")} in these days`, `No ${quoted(event)} in these days passed --where`]
    : [
      `${quoted(event)} by ${asked.on} is 0 in all of these days`,
      `${quoted(event)} by ${asked.on} is 0 with --where`,
    ];
  if (asked.where === undefined && events.some((one) => / where .*[[=<>(]/s.test(one))) {
    return `${what}: conditions stand in --where, or at an event of 'mp query insights'`;
  }
  const known = await keptNames(context, "events");
  const unknown = events.filter((one) => !known.includes(one));
  const near = unknown.map((one) => nearest(one, known)).filter((one) => one !== undefined);
  if (near.length > 0) return `${what}. Did you mean ${near.map(quoted).join(" and ")}?`;
  const isSure = known.length > 0 || (asked.on === undefined && asked.where === undefined);
  if (unknown.length > 0 && isSure) return `${what}; ${lists("events")} the names that exist`;
  for (const kind of ["on", "where"] as const) {
    const typed = asked[kind];
    const meant = typed === undefined ? undefined : await meantExpression(context, event, typed, kind);
    if (meant !== undefined) return `${kind === "on" ? what : passed}. Did you mean ${quoted(meant)}?`;
  }
  if (asked.on === undefined && asked.where === undefined) return what;
  return `${asked.where === undefined ? what : passed}; ${lists("properties", event)} the properties that it has`;
}

/** What is said of an event about which nothing is known: its name may be misspelt. */
export async function nothingKnown(context: Context, event: string, what: string): Promise<string> {
  const near = nearest(event, await keptNames(context, "events"));
  const state = `No ${what} of ${quoted(event)} are known`;
  return near === undefined || near === event
    ? `${state}; ${lists("events")} the names that exist`
    : `${state}. Did you mean ${quoted(near)}?`;
}

/** The note on events that were all counted as without a value: the property's name is probably wrong. */
export async function nothingSplit(context: Context, event: string, on: string, flag = "--on"): Promise<string> {
  const meant = await meantExpression(context, event, on, "on");
  const state = `No ${quoted(event)} has a value for ${on}`;
  return meant === undefined
    ? `${state}; ${lists("properties", event)} what they have`
    : `${state}. Did you mean ${flag} ${quoted(meant)}?`;
}

/** The expression with the names of properties that the event has, where those in it are near to them. */
async function meantExpression(
  context: Context,
  event: string,
  typed: string,
  kind: "where" | "on",
): Promise<string | undefined> {
  const properties = await keptNames(context, "properties", event);
  if (properties.length === 0) return undefined;
  const { applySuggestions, checkExpression } = await import("../expressions/check.ts");
  const meant = applySuggestions(typed, checkExpression(typed, kind, { properties }));
  return meant === typed ? undefined : meant;
}

async function keptNames(context: Context, kind: LiveKind, event?: string): Promise<readonly string[]> {
  if (context.known !== undefined) return await context.known({ kind, event });
  return (await keptValues({ kind, event }, context))?.items.map(({ value }) => value) ?? [];
}

function lists(kind: "events" | "properties", event = ""): string {
  return `'${listedBy({ completes: kind })!.replace("EVENT", doubleQuoted(event))}' lists`;
}

const quoted = (name: string): string => `'${name.replaceAll("'", `'\\''`)}'`;
const doubleQuoted = (event: string): string => /^[\w-]*$/.test(event) ? event : `"${event}"`;
