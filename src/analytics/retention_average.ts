/** The line "Average" of a retention report. */
import { startOfDayMs } from "./calendar.ts";
import type { RetentionRow } from "./retention.ts";
import type { Buckets } from "./time_buckets.ts";

/** A row of retention with shares of those who are watched. */
export interface RatedRetentionRow extends RetentionRow {
  rates: number[];
}

/**
 * The average of the periods whose interval is complete, each weighted by how many people it has: of the people who come
 * back, of all people, and of the one as a share of the other. `isComplete` tells of an interval of a period.
 */
export function averageRetention(
  rows: readonly RetentionRow[],
  isComplete: (period: number, interval: number) => boolean,
): RatedRetentionRow {
  const intervals = rows[0]?.counts.keys() ?? [];
  const averages = Array.from(intervals, (interval) => {
    const complete = rows.filter((_, period) => isComplete(period, interval));
    const people = sum(complete, ({ first }) => first);
    const weighted = (value: (row: RetentionRow) => number) =>
      people === 0 ? 0 : sum(complete, (row) => value(row) * row.first) / people;
    return { first: weighted(({ first }) => first), count: weighted(({ counts }) => counts[interval]!) };
  });
  return {
    first: averages[0]?.first ?? 0,
    counts: averages.map(({ count }) => count),
    rates: averages.map(({ first, count }) => first === 0 ? 0 : count / first),
  };
}

/** Whether everybody of a period of days has had the time to come back in an interval. */
export function completeIntervals(
  { keys, endMs }: Buckets,
  { nowMs, intervalMs, timeZone }: { nowMs: number; intervalMs: number; timeZone: string },
): (period: number, interval: number) => boolean {
  return (period, interval) => {
    const next = keys[period + 1];
    const periodEndMs = next === undefined ? endMs : startOfDayMs(Temporal.PlainDate.from(next), timeZone);
    return nowMs >= periodEndMs + (interval + 1) * intervalMs;
  };
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0);
}
