/** A report over time beside the same one of other days: what was, and by how much it is more or less. */
import type { LineSeries } from "./line_chart.ts";
import { isPartPeriod, openPeriodNote, periodPoints, type Periods } from "./periods.ts";
import type { Row } from "./row.ts";

/** Numbers by segment and date, with the dates in order. */
export interface DatedValues {
  dates: readonly string[];
  /** The days that were asked for. */
  from?: string;
  to?: string;
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
 * date stands beside the n-th. What is only a part of a period is not compared: its difference would only say that.
 */
export function comparedForms(
  current: DatedValues,
  other: DatedValues,
  { keyName, periods, totals }: { keyName?: string; periods: Periods; totals?: boolean },
): ComparedForms {
  const segments = [...new Set([...Object.keys(current.values), ...Object.keys(other.values)])];
  const before = { ...periods, from: other.from, to: other.to };
  const rows = current.dates.flatMap((date, index) =>
    segments.map((segment) => {
      const value = current.values[segment]?.[date] ?? null;
      const comparedDate = other.dates[index] ?? null;
      const compared = comparedDate === null ? null : other.values[segment]?.[comparedDate] ?? null;
      const isPart = isPartPeriod(date, periods) || isPartPeriod(comparedDate ?? "", before);
      const difference = value === null || compared === null || isPart ? null : value - compared;
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
  const line = (name: string, values: Readonly<Record<string, number | null>>) => ({
    name,
    points: current.dates.map((label, index) => {
      const date = other.dates[index] ?? "";
      return { label, value: values[date] ?? null, isOpen: isPartPeriod(date, before) };
    }),
  });
  const series = segments.flatMap((segment) => {
    const own = current.values[segment] ?? {};
    const points = periodPoints(current.dates, (date) => own[date] ?? null, periods);
    return [
      { name: segment, points },
      line(`${segment}, from ${other.dates[0] ?? "?"}`, other.values[segment] ?? {}),
    ];
  });
  const parts = [openPeriodNote(current.dates, periods), openPeriodNote(other.dates, before)].filter(Boolean);
  const openNote = parts.length === 0 ? undefined : parts.join("; ");
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
