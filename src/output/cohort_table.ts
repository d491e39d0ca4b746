/**
 * Who came back, as a plain result: people by the period in which they began, and how many of them came back in each
 * interval after that. What lies in the future is known here, and nowhere counted as "nobody came back".
 */
import { afterUnits, periodStartMs, type PeriodUnit } from "./periods.ts";

/** People who began in one period. */
export interface CohortRow {
  /** The first day of the period. */
  date: string;
  segment?: string;
  /** How many there are; null where an answer does not say. */
  people: number | null;
  /** How many of them came back in the 0th, 1st, … interval after their own beginning. */
  counts: readonly number[];
}

/** A report of retention. */
export interface CohortTable {
  rows: readonly CohortRow[];
  unit: PeriodUnit & ("day" | "week" | "month");
  /** Units in an interval, and in the period of a row. */
  interval: number;
  nowMs: number;
}

/** `complete`: everybody has had the whole interval. `open`: for some it is not over. `future`: nobody has entered it. */
export type IntervalState = "complete" | "open" | "future";

/** The value of one interval over several rows. */
export interface RetentionPoint {
  /** The share that came back, from 0 to 1; null where it is not known yet. */
  share: number | null;
  /** The people that it was taken over. */
  people: number;
  state: IntervalState;
}

const DAY_MS = 86_400_000;
/** As Mixpanel counts: an interval of a month is thirty days of the person's own time. */
const INTERVAL_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };

/** How far the people of a row are in an interval. */
export function intervalState(table: CohortTable, date: string, index: number): IntervalState {
  const startMs = periodStartMs(date);
  if (startMs === undefined) return "complete";
  const intervalMs = table.interval * INTERVAL_MS[table.unit];
  if (startMs + index * intervalMs >= table.nowMs) return "future";
  const lastBirthMs = afterUnits(startMs, table.unit, table.interval);
  return lastBirthMs + (index + 1) * intervalMs <= table.nowMs ? "complete" : "open";
}

/** A row's count in an interval; null for one in the future. */
export function countAt(table: CohortTable, row: CohortRow, index: number): number | null {
  return intervalState(table, row.date, index) === "future" ? null : row.counts[index] ?? null;
}

/** A row's point in an interval. */
export function pointOf(table: CohortTable, row: CohortRow, index: number): RetentionPoint {
  const count = countAt(table, row, index);
  const people = row.people ?? 0;
  return {
    share: count === null || people === 0 ? null : count / people,
    people,
    state: intervalState(table, row.date, index),
  };
}

/**
 * The share of people who came back in an interval, over the rows whose people have all had it. Where there is no such
 * row, over those that have entered it: an open point, which can still rise. (Observed: Mixpanel's own average is that
 * of the finished buckets of a column, weighted by people.)
 */
export function averageAt(table: CohortTable, rows: readonly CohortRow[], index: number): RetentionPoint {
  for (const state of ["complete", "open"] as const) {
    const reached = rows.filter((row) => row.people !== null && intervalState(table, row.date, index) === state);
    const people = reached.reduce((sum, row) => sum + row.people!, 0);
    if (people === 0) continue;
    return { share: reached.reduce((sum, row) => sum + (row.counts[index] ?? 0), 0) / people, people, state };
  }
  return { share: null, people: 0, state: "future" };
}

/** How many intervals have a value in some row. */
export function reachedIntervals(table: CohortTable): number {
  const longest = Math.max(0, ...table.rows.map(({ counts }) => counts.length));
  return Array.from({ length: longest }, (_, index) => index)
    .findLastIndex((index) => table.rows.some((row) => countAt(table, row, index) !== null)) + 1;
}

/** The rows of each segment, by how many people they have; one group without a name where there are no segments. */
export function bySegment(rows: readonly CohortRow[]): [segment: string | undefined, rows: CohortRow[]][] {
  const people = (own: readonly CohortRow[]) => own.reduce((sum, row) => sum + (row.counts[0] ?? 0), 0);
  return [...Map.groupBy(rows, ({ segment }) => segment)].sort((one, other) => people(other[1]) - people(one[1]));
}
