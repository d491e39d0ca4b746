/** Active users by day, week and month, as one table and one picture. */
import { formatNumber } from "./format.ts";
import type { LineSeries } from "./line_chart.ts";
import { afterUnits, isOpenPeriod, openPeriodNote, periodStartMs } from "./periods.ts";
import type { Row } from "./row.ts";

export type ActiveUnit = "day" | "week" | "month";

/** How many people were active in each period of one length, by its first day. */
export interface ActivePeriods {
  unit: ActiveUnit;
  people: Readonly<Record<string, number>>;
}

const NAMES = { day: "daily", week: "weekly", month: "monthly" } as const;

/** Rows `{period, date, people, finished}`, a line for each length of period over the days, and what they come to. */
export function activeUsers(lengths: readonly ActivePeriods[], nowMs: number) {
  const rows: Row[] = lengths.flatMap(({ unit, people }) =>
    datesOf(people).map((date) => ({
      period: unit,
      date,
      people: people[date],
      finished: !isOpenPeriod(date, { unit, nowMs }),
    }))
  );
  // The days of the range, or, where days were not asked for, the shortest periods.
  const days = lengths.length === 0 ? [] : datesOf(lengths[0]!.people);
  const series: LineSeries[] = lengths.map(({ unit, people }) => ({
    name: NAMES[unit],
    points: days.map((label) => {
      const period = periodAt(people, unit, label);
      return {
        label,
        value: period === undefined ? null : people[period]!,
        isOpen: period !== undefined && isOpenPeriod(period, { unit, nowMs }),
      };
    }),
  }));
  const open = lengths.flatMap(({ unit, people }) => openPeriodNote(datesOf(people), { unit, nowMs }) ?? []);
  return {
    rows,
    chart: { kind: "line" as const, series, totals: false, openNote: open.length === 0 ? undefined : open.join("; ") },
    note: summaryOf(lengths, nowMs),
  };
}

/** The period of a length in which a day lies. */
function periodAt(people: ActivePeriods["people"], unit: ActiveUnit, day: string): string | undefined {
  const at = periodStartMs(day) ?? NaN;
  return datesOf(people).findLast((date) => {
    const startMs = periodStartMs(date) ?? NaN;
    return startMs <= at && at < afterUnits(startMs, unit);
  });
}

/** The newest finished period of each length, and the average day's share of its month. */
function summaryOf(lengths: readonly ActivePeriods[], nowMs: number): string | undefined {
  const finished = ({ unit, people }: ActivePeriods) =>
    datesOf(people).filter((date) => !isOpenPeriod(date, { unit, nowMs }));
  const parts = lengths.flatMap((one) => {
    const date = finished(one).at(-1);
    return date === undefined ? [] : [`${one.unit} of ${date}: ${formatNumber(one.people[date]!)}`];
  });
  if (parts.length === 0) return undefined;
  const [days, months] = [lengths.find(({ unit }) => unit === "day"), lengths.find(({ unit }) => unit === "month")];
  const month = months && finished(months).findLast((date) => months.people[date]! > 0);
  const within = days && month ? finished(days).filter((day) => day.slice(0, 7) === month.slice(0, 7)) : [];
  const isWhole = month !== undefined && within.length === daysInMonth(month);
  const mean = within.reduce((sum, day) => sum + days!.people[day]!, 0) / within.length;
  const stickiness = isWhole ? `; stickiness ${(mean / months!.people[month]! * 100).toFixed(1)}%` : "";
  return `Last finished ${parts.join(", ")}${stickiness}`;
}

function daysInMonth(day: string): number {
  const startMs = periodStartMs(`${day.slice(0, 7)}-01`)!;
  return (afterUnits(startMs, "month") - startMs) / 86_400_000;
}

const datesOf = (people: ActivePeriods["people"]): string[] => Object.keys(people).sort();
