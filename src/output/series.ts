/** Mixpanel's `{series, values}`, which most reports answer: as tidy rows, as a wide table, and as a chart. */
import type { LineSeries } from "./line_chart.ts";
import { openPeriodNote, periodPoints, type Periods } from "./periods.ts";
import type { Row } from "./row.ts";
import { isObject } from "../streams/json/is_object.ts";

/** For each segment (an event or a property's value), a number for each date. */
export type SeriesValues = Record<string, Record<string, unknown>>;

/** How tidy rows become a wide table: the values of one column down, those of another across. */
export interface Pivot {
  down: string;
  across: string;
  value: string;
}

/** A result of dates and segments, in all the forms in which it is printed. */
export interface SeriesForms {
  rows: Row[];
  pivot: Pivot;
  chart: { kind: "line"; series: LineSeries[]; totals?: boolean; openNote?: string };
}

/** The `{series, values}` in an answer, with or without its `data` envelope; undefined when it has none. */
export function seriesOf(data: unknown): { series: string[]; values: SeriesValues } | undefined {
  if (!isObject(data)) return undefined;
  const content = isObject(data.data) ? data.data : data;
  const { series, values } = content;
  if (!Array.isArray(series) || !isObject(values) || !Object.values(values).every(isObject)) return undefined;
  return { series: series.map(String), values: values as SeriesValues };
}

/**
 * One row for each date and segment: `{date, <keyName>, value}`, by date and then in the server's order
 * of segments. What the server did not send has no row; dates outside `series` come last.
 */
export function tidySeries(
  series: string[],
  values: SeriesValues,
  options: { keyName?: string } = {},
): Row[] {
  const keyName = segmentColumn(options.keyName);
  const dates = new Set(series);
  for (const numbers of Object.values(values)) {
    for (const date of Object.keys(numbers)) dates.add(date);
  }
  const segments = Object.entries(values);
  const rows: Row[] = [];
  for (const date of dates) {
    for (const [segment, numbers] of segments) {
      if (Object.hasOwn(numbers, date)) rows.push({ date, [keyName]: segment, value: numbers[date] });
    }
  }
  return rows;
}

/**
 * Everything that `printResult` wants to know of a `{series, values}` answer. `keyName` as in `tidySeries`;
 * `totals` is false for values that must not be added up, such as unique users; with `periods`, what is not over is open.
 */
export function seriesForms(
  series: string[],
  values: SeriesValues,
  options: { keyName?: string; totals?: boolean; periods?: Periods } = {},
): SeriesForms {
  const rows = tidySeries(series, values, options);
  return {
    rows,
    pivot: { down: "date", across: segmentColumn(options.keyName), value: "value" },
    chart: {
      kind: "line",
      series: chartSeries(series, values, options.periods),
      totals: options.totals,
      openNote: openPeriodNote(series, options.periods),
    },
  };
}

/** The lines of a chart: each segment over the dates, with a gap (null) where the server sent nothing. */
function chartSeries(series: string[], values: SeriesValues, periods: Periods | undefined): LineSeries[] {
  return Object.entries(values).map(([name, numbers]) => ({
    name,
    points: periodPoints(series, (label) => numberOf(numbers[label]), periods),
  }));
}

/**
 * Tidy rows as a wide table. The largest columns come first, because a terminal's width may hide the last.
 * Returns the columns in order, since names that look like integers would lose theirs as object keys.
 */
export function pivotRows(rows: Row[], pivot: Pivot): { rows: Row[]; columns: string[] } {
  const totals = new Map<string, number>();
  const wide = new Map<unknown, Row>();
  for (const row of rows) {
    const column = String(row[pivot.across]);
    totals.set(column, (totals.get(column) ?? 0) + (numberOf(row[pivot.value]) ?? 0));
    let target = wide.get(row[pivot.down]);
    if (!target) {
      // Without a prototype, because a segment may be called `__proto__`.
      target = Object.create(null) as Row;
      target[pivot.down] = row[pivot.down];
      wide.set(row[pivot.down], target);
    }
    target[column === pivot.down ? `${column} ` : column] = row[pivot.value];
  }
  const across = [...totals].sort((one, other) => other[1] - one[1]);
  const columns = across.map(([column]) => column === pivot.down ? `${column} ` : column);
  return { rows: [...wide.values()], columns: [pivot.down, ...columns] };
}

/** A segment column may be named after a property, which may be called like one of the other two columns. */
function segmentColumn(name = "segment"): string {
  return name === "date" || name === "value" ? "segment" : name;
}

function numberOf(value: unknown): number | null {
  if (typeof value === "bigint") return Number(value);
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}
