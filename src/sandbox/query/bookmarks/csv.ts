/** A report as a table: one row for each metric, segment and date or step. */
import { isObject } from "../../../streams/json/is_object.ts";
import { csvAnswer } from "../report.ts";
import type { ReportAnswer } from "./answer.ts";

/** Names of columns by what `headers` call their level. */
const COLUMNS: Readonly<Record<string, string>> = { $metric: "Metric", $funnel: "Funnel", $retention: "Retention" };

/** A row: the keys of its levels, more keys by the names of their columns, and its values by theirs. */
interface Row {
  keys: readonly string[];
  values: Readonly<Record<string, unknown>>;
}

export function csvOf({ headers, series }: ReportAnswer): Response {
  const rows = [...rowsOf(series, headers.length, [])];
  const columns = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return csvAnswer([
    [...headers.map((header) => COLUMNS[header] ?? header), ...columns],
    ...rows.map(({ keys, values }) => [...keys, ...columns.map((column) => values[column] ?? "")]),
  ]);
}

/** Rows of what lies below so many levels of keys. The rest of the keys of `$overall` is empty. */
function* rowsOf(tree: Record<string, unknown>, levels: number, above: readonly string[]): Generator<Row> {
  // Names that are numbers come first in an object, whatever was put into it first.
  const entries = Object.entries(tree).sort(([a], [b]) => Number(b === "$overall") - Number(a === "$overall"));
  for (const [key, value] of entries) {
    if (!isObject(value)) continue;
    const keys = [...above, key];
    const isWhole = above.length > 0 && key === "$overall";
    if (levels > 1 && !isWhole) {
      yield* rowsOf(value, levels - 1, keys);
      continue;
    }
    const padded = [...keys, ...new Array<string>(levels - 1).fill("")];
    for (const values of valuesOf(value)) yield { keys: padded, values };
  }
}

/** What a leaf has: a total, values by date, the steps of a funnel, or the rows of retention. */
function* valuesOf(leaf: Record<string, unknown>): Generator<Record<string, unknown>> {
  if (isObject(leaf.count)) {
    yield* stepsOf(leaf as Record<string, Record<string, { all: unknown }>>);
    return;
  }
  if ("all" in leaf) {
    yield { Value: leaf.all };
    return;
  }
  for (const [date, value] of Object.entries(leaf)) {
    if (!isObject(value)) yield { Date: date, Value: value };
    else if (isObject(value.count)) { for (const step of valuesOf(value)) yield { Date: date, ...step }; }
    else yield { Date: date, ...retentionOf(value) };
  }
}

/** `{count: {"1. A": {all: 9}}, …}`: a row for each step. */
function* stepsOf(leaf: Record<string, Record<string, { all: unknown }>>): Generator<Record<string, unknown>> {
  for (const step of Object.keys(leaf.count!)) {
    const values = Object.entries(leaf).map(([name, bySteps]) => [name, bySteps[step]?.all]);
    yield { Step: step, ...Object.fromEntries(values) };
  }
}

function retentionOf({ first, counts }: Record<string, unknown>): Record<string, unknown> {
  const buckets = Array.isArray(counts) ? counts.map((count, index) => [`Bucket ${index}`, count]) : [];
  return { People: first, ...Object.fromEntries(buckets) };
}
