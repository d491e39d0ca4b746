import { z } from "zod";
import { choice, jsonText, text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { jsonResult } from "../../output/print.ts";
import type { Context } from "../../cli/context.ts";
import { refuseReportFormat } from "../../cli/format_choice.ts";
import { inputError } from "../../errors.ts";
import { compileExpression, type Evaluator } from "../../expressions/evaluate.ts";
import type { Expression } from "../../expressions/syntax.ts";
import { staticType } from "../../expressions/static_types.ts";
import type { Value } from "../../expressions/values.ts";
import { type EvaluatedLine, evaluateLines, scopeOfRecord } from "../../jobs/evaluate_events.ts";
import { fileTarget, pipeTarget } from "../../jobs/target.ts";
import { openSources } from "../../records/read/open_sources.ts";
import type { UnreadableSource } from "../../records/read/unreadable_source.ts";
import { formatNumber } from "../../output/format.ts";
import { concatenate } from "../../streams/chunks.ts";
import { roundedNumbers, stringifyJson } from "../../streams/json/json.ts";
import { expressionInput, understand } from "./shared/input.ts";

const LINE_END = new Uint8Array([10]);

export default command({
  draws: true,
  summary: "evaluate an expression on events, as Mixpanel would",
  description:
    `Reads exported events or profiles, a JSON object a line, compressed or not. A condition lets through the lines for
which it holds, unchanged; any other expression gives its value for each line. --show counts says how often each value came.`,
  args: ["expression", "files"],
  examples: [
    {
      text: "On one object",
      run: `mp expr eval 'number(properties["seats"]) * 2' --properties '{"seats": "21"}'`,
    },
    {
      text: "Purchases of more than 30 in an export",
      run: `mp export events --last 2d | mp expr eval 'event["name"] == "Purchase" and properties["amount"] > 30' -`,
    },
    {
      text: "How many events each country has",
      run: `mp export events --last 2d | mp expr eval 'properties["mp_country_code"]' - --show counts`,
    },
  ],
  input: z.object({
    expression: expressionInput,
    files: z.array(z.string()).optional().meta({ description: "JSON Lines; - is standard input" }),
    properties: jsonText(z.looseObject({}), "Evaluate on this object, or @FILE", { input: "json" }).optional(),
    show: choice(["matches", "values", "counts"], "What to print; default by the kind of expression").optional(),
    timezone: text("Time zone in which dates without one are read", { placeholder: "ZONE" }).default("UTC"),
  }),
  async run(context, { expression: typed, files = [], properties, show, timezone }) {
    const { expression, problems } = understand(typed, "Cannot evaluate the expression");
    for (const { message } of problems) await context.note(message);
    const evaluate = compile(expression, context.clock.now(), timezone);
    if ((properties === undefined) === (files.length === 0)) {
      throw inputError(
        properties === undefined ? "Cannot evaluate on nothing" : "Cannot evaluate on files and --properties together",
        "name a file of events, - for standard input, or give --properties '{…}'",
        "missing_argument",
      );
    }
    if (properties !== undefined) return await printValue(context, evaluate(scopeOfRecord(roundedNumbers(properties))));
    const kind = show ?? (staticType(expression) === "boolean" ? "matches" : "values");
    if (kind !== "counts") refuseReportFormat(context, kind);
    const unreadable: UnreadableSource[] = [];
    const onUnreadable = (source: UnreadableSource) => void unreadable.push(source);
    const sources = await openSources(files, context.stdin, { onUnreadable });
    const evaluated = evaluateLines(sources, evaluate, { signal: context.signal, onUnreadable });
    if (kind === "counts") await printCounts(context, evaluated);
    else await printLines(context, evaluated, kind);
    for (const { source, reason } of unreadable) await context.note(`Not read: ${source}: ${reason}`);
    return unreadable.length > 0 ? 8 : 0;
  },
});

function compile(expression: Expression, nowMs: number, timeZone: string): Evaluator {
  try {
    return compileExpression(expression, { nowMs, timeZone });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `Cannot use --timezone ${JSON.stringify(timeZone)}: no such time zone`,
      "write Europe/Berlin or UTC",
    );
  }
}

async function printValue(context: Context, value: Value): Promise<void> {
  const data = value ?? null;
  if (value === undefined) await context.note("The result is undefined: a property is missing, or types do not fit");
  await context.print(jsonResult(data));
}

/** Prints matching lines as they came, or values, one a line. */
async function printLines(
  context: Context,
  evaluated: AsyncIterable<EvaluatedLine[]>,
  show: "matches" | "values",
): Promise<void> {
  const path = context.globals.output === "-" ? undefined : context.globals.output;
  const target = path === undefined ? pipeTarget(context.stdout) : await fileTarget(path);
  const encoder = new TextEncoder();
  let lines = 0;
  let matches = 0;
  async function* printed(): AsyncGenerator<Uint8Array> {
    for await (const block of evaluated) {
      lines += block.length;
      const parts: Uint8Array[] = [];
      for (const { line, value } of block) {
        if (value === true) matches++;
        if (show === "matches" && value !== true) continue;
        parts.push(show === "matches" ? line : encoder.encode(stringifyJson(value ?? null)), LINE_END);
      }
      if (parts.length > 0) yield concatenate(parts);
    }
  }
  await target.take(printed());
  if (show === "matches") await context.note(`${formatNumber(matches)} of ${formatNumber(lines)} match`);
}

async function printCounts(context: Context, evaluated: AsyncIterable<EvaluatedLine[]>): Promise<void> {
  const counts = new Map<string, { value: Value; count: number }>();
  for await (const block of evaluated) {
    for (const { value } of block) {
      const key = value === undefined ? "undefined" : stringifyJson(value);
      const known = counts.get(key);
      if (known === undefined) counts.set(key, { value, count: 1 });
      else known.count++;
    }
  }
  const rows = [...counts.values()].sort((a, b) => b.count - a.count).map(({ value, count }) => ({
    value: value ?? null,
    count,
  }));
  await context.print({
    text: stringifyJson(rows),
    data: rows,
    rows,
    chart: { kind: "bar", rows: rows.map(({ value, count }) => ({ label: labelOf(value), value: count })) },
  });
}

function labelOf(value: Value): string {
  return typeof value === "string" ? value : stringifyJson(value);
}
