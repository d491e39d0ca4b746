/** An expression on every line of files of events or profiles. */
import { inputError } from "../errors.ts";
import { EvaluationError, type Evaluator, type Scope } from "../expressions/evaluate.ts";
import type { Value } from "../expressions/values.ts";
import { parseJson } from "../streams/json/json.ts";
import { type LineReadOptions, lineRecords } from "../records/read/line_records.ts";
import type { RecordSource } from "../records/read/record_source.ts";
import { isObject } from "../streams/json/is_object.ts";

/** What an expression gave for a line. */
export interface EvaluatedLine {
  line: Uint8Array;
  value: Value;
}

/** Up to this, a number counts seconds; beyond, milliseconds. The rule that Mixpanel's import has. */
const MOST_SECONDS = 100_000_000_000;

/**
 * Evaluates an expression on each line, in order. Blank lines are left out.
 *
 * @throws MpError (input) at a line that is no JSON object, and where "and" or "or" meets what is no condition.
 */
export async function* evaluateLines(
  sources: readonly RecordSource[],
  evaluate: Evaluator,
  options: LineReadOptions = {},
): AsyncGenerator<EvaluatedLine[], void> {
  const decoder = new TextDecoder();
  for await (const { source, firstLine, lines } of lineRecords(sources, options)) {
    const evaluated: EvaluatedLine[] = [];
    for (const [index, line] of lines.entries()) {
      const text = decoder.decode(line);
      if (text.trim() === "") continue;
      const place = `line ${firstLine + index} of ${source.name}`;
      evaluated.push({ line, value: evaluateAt(evaluate, scopeOf(text, place), place) });
    }
    yield evaluated;
  }
}

function evaluateAt(evaluate: Evaluator, scope: Scope, place: string): Value {
  try {
    return evaluate(scope);
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw inputError(
      `Cannot evaluate the expression on ${place}: ${error.message}`,
      "compare it with something, or wrap it in boolean(…)",
      "bad_expression",
    );
  }
}

/** An exported event, a profile as a query returns it, or any object of properties. */
function scopeOf(text: string, place: string): Scope {
  let record: unknown;
  try {
    record = parseJson(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw inputError(`Cannot read ${place}: not JSON`, "is it a file of JSON Lines?", "bad_json");
  }
  if (!isObject(record)) throw inputError(`Cannot read ${place}: not a JSON object`, undefined, "bad_json");
  return scopeOfRecord(record);
}

/** What an expression sees of a record. */
export function scopeOfRecord(record: Record<string, unknown>): Scope {
  if (isObject(record.$properties)) {
    const properties = { $distinct_id: record.$distinct_id, ...record.$properties };
    return { properties, user: properties };
  }
  if (typeof record.event !== "string" || !isObject(record.properties)) return { properties: record, user: record };
  const { properties } = record;
  const { time, distinct_id } = properties;
  const timeMs = typeof time !== "number" ? 0 : time < MOST_SECONDS ? time * 1000 : time;
  return { properties, event: { name: record.event, timeMs, distinctId: String(distinct_id ?? "") } };
}
