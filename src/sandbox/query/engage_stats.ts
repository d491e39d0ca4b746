/** `/engage/stats`: counts and distributions over all profiles. */
import { Refusal } from "../refusal.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { SandboxCall } from "../call.ts";
import type { Fields } from "../fields.ts";
import { groupKeyOf, matchingProfiles } from "./engage.ts";
import { profileValue } from "./expressions.ts";
import { report } from "./report.ts";

export const engageStatsEndpoints: SandboxEndpoint[] = [report("/engage/stats", stats, ["POST"])];

/** `name(expression)` or `name(expression,number)`. */
const ACTION = /^\s*(\w+)\s*\(\s*(?:(.+?)\s*(?:,\s*([\d.]+)\s*)?)?\)\s*$/s;

function stats(call: SandboxCall, fields: Fields): Response {
  const text = fields.text("action") ?? "count()";
  const [, name, expression, argument] = ACTION.exec(text) ?? [];
  const groupKey = groupKeyOf(call, fields);
  const found = matchingProfiles(call, fields, groupKey);
  return jsonAnswer({
    results: name === "count" && expression === undefined
      ? [...found].length
      : measured(text, name, numbersOf(call, groupKey, found, text, expression), argument),
    status: "ok",
    computed_at: new Date(call.nowMs).toISOString().replace("Z", "000+00:00"),
  });
}

function numbersOf(
  call: SandboxCall,
  groupKey: string,
  ids: Iterable<string>,
  action: string,
  expression: string | undefined,
): number[] {
  if (expression === undefined) throw invalid(action);
  const valueOf = profileValue(call, expression);
  const { store: { profiles }, project } = call;
  const values = [...ids].map((id) => valueOf(profiles.get(project.id, groupKey, id) ?? {}));
  return values.flatMap((value) =>
    typeof value === "number" ? [value] : typeof value === "bigint" ? [Number(value)] : []
  )
    .sort((one, other) => one - other);
}

/** What Mixpanel's objects have in them is not known: here extremes have two members, summaries those of JQL. */
function measured(action: string, name: string | undefined, numbers: number[], argument: string | undefined): unknown {
  const sum = numbers.reduce((total, one) => total + one, 0);
  const count = numbers.length;
  switch (name) {
    case "extremes":
      return { min: numbers[0] ?? null, max: numbers.at(-1) ?? null };
    case "percentile": {
      const percent = Number(argument);
      if (argument === undefined || percent > 100) throw invalid(action);
      return numbers[Math.max(0, Math.ceil(count * percent / 100) - 1)] ?? null;
    }
    case "numeric_summary": {
      const squares = numbers.reduce((total, one) => total + one * one, 0);
      const avg = count === 0 ? 0 : sum / count;
      const variance = count === 0 ? 0 : Math.max(0, squares / count - avg * avg);
      return { count, sum, sum_squares: squares, avg, stddev: Math.sqrt(variance) };
    }
  }
  throw invalid(action);
}

const invalid = (action: string): Refusal => new Refusal(400, `Invalid parameter action: '${action}'`);
