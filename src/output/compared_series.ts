/** A report over time beside the same one of other days: what was, and by how much it is more or less. */
import type { LineSeries } from "./line_chart.ts";
import { isOpenPeriod, openPeriodNote, periodPoints, type Periods } from "./periods.ts";
import type { Row } from "./row.ts";

/** Numbers by segment and date, with the dates in order. */
export interface DatedValues {
  dates: readonly string[];
  values: Readonly<Record<string, Readonly<Record<string, number | null>>>>;
}

export interface ComparedForms {
  rows: Row[];
  columns: string[];
  chart: { kind: "line"; series: LineSeries[]; totals?: boolean; openNote?: string };
  note?: string;
}

/**
 * A row for each date and segment: `{date, <keyName>, value, compared_date, compared, difference, percent}`. The n-th
 * date stands beside the n-th. A period that is not over is not compared: its difference would only say that.
 */
export function comparedForms(
  current: DatedValues,
  other: DatedValues,
  { keyName, periods, totals }: { keyName?: string; periods: Periods; totals?: boolean },
): ComparedForms {
  const segments = [...new Set([...Object.keys(current.values), ...Object.keys(other.values)])];
  const isOpen = (date: string) => isOpenPeriod(date, periods.unit, periods.nowMs);
  const rows = current.dates.flatMap((date, index) =>
    segments.map((segment) => {
      const value = current.values[segment]?.[date] ?? null;
      const comparedDate = other.dates[index] ?? null;
      const compared = comparedDate === null ? null : other.values[segment]?.[comparedDate] ?? null;
      const difference = value === null || compared === null || isOpen(date) ? null : value - compared;
      return {
        date,
        ...(keyName === undefined ? {} : { [keyName]: segment }),
        value,
        compared_date: comparedDate,
        compared,
        difference,
        percent: difference === null || compared === null || compared === 0
          ? null
          : Math.round(difference / compared * 1000) / 10,
      };
    })
  );
  const line = (name: string, values: Readonly<Record<string, number | null>>, dates: readonly string[]) => {
    const byPlace = new Map(current.dates.map((date, index) => [date, values[dates[index] ?? ""] ?? null]));
    return { name, points: periodPoints(current.dates, (date) => byPlace.get(date) ?? null, undefined) };
  };
  const series = segments.flatMap((segment) => {
    const own = current.values[segment] ?? {};
    const points = periodPoints(current.dates, (date) => own[date] ?? null, periods);
    return [
      { name: segment, points },
      line(`${segment}, from ${other.dates[0] ?? "?"}`, other.values[segment] ?? {}, other.dates),
    ];
  });
  const openNote = openPeriodNote(current.dates, periods);
  return {
    rows,
    columns: [
      "date",
      ...(keyName === undefined ? [] : [keyName]),
      ...["value", "compared_date", "compared", "difference", "percent"],
    ],
    chart: { kind: "line", series, totals, openNote },
    note:
      [totals === false ? "" : changeOf(rows), openNote === undefined ? "" : `${openNote}, and not compared`].filter(
        Boolean,
      ).join("; ") ||
      undefined,
  };
}

/** The change over all periods that are compared, for one segment. */
function changeOf(
  rows: readonly { value: number | null; compared: number | null; difference: number | null }[],
): string {
  const both = rows.filter(({ difference }) => difference !== null);
  const sum = (key: "value" | "compared") => both.reduce((total, row) => total + (row[key] ?? 0), 0);
  const before = sum("compared");
  if (both.length === 0 || before === 0) return "";
  const change = (sum("value") - before) / before * 100;
  return `${change >= 0 ? "+" : "−"}${Math.abs(change).toFixed(1)}% over the periods that are compared`;
}
