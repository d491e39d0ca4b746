/** Days of the calendar, written `2026-01-31`, and ranges of them. */
import { isoDay } from "../../streams/iso_time.ts";

const DAY_MS = 86_400_000;

/**
 * A day counts as over so long after its end in UTC: then it has ended in every time zone of the Americas, where projects
 * made before 2023 may have their days.
 */
const SETTLING_MS = 12 * 3_600_000;

/** Whole days, both included. */
export interface DayRange {
  from: string;
  to: string;
}

export function addDays(day: string, days: number): string {
  return isoDay(Date.parse(day) + days * DAY_MS);
}

export function countDays({ from, to }: DayRange): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY_MS) + 1;
}

/** Whether events of this day may still come in the ordinary way. */
export function isOpenDay(day: string, nowMs: number): boolean {
  return nowMs < Date.parse(day) + DAY_MS + SETTLING_MS;
}

/** What is left of a range without others, in order. */
export function daysWithout(range: DayRange, others: readonly DayRange[]): DayRange[] {
  const left: DayRange[] = [];
  let { from } = range;
  for (const other of [...others].sort(byFirstDay)) {
    if (other.to < from || other.from > range.to) continue;
    if (other.from > from) left.push({ from, to: addDays(other.from, -1) });
    from = addDays(other.to, 1);
  }
  if (from <= range.to) left.push({ from, to: range.to });
  return left;
}

export function byFirstDay(one: DayRange, other: DayRange): number {
  return one.from < other.from ? -1 : one.from > other.from ? 1 : 0;
}

/** The same days, in order and in as few ranges as there can be. */
export function joinDays(ranges: readonly DayRange[]): DayRange[] {
  const joined: DayRange[] = [];
  for (const { from, to } of [...ranges].sort(byFirstDay)) {
    const last = joined.at(-1);
    if (last === undefined || from > addDays(last.to, 1)) joined.push({ from, to });
    else if (to > last.to) last.to = to;
  }
  return joined;
}

/** The later of two days. */
export const laterDay = (one: string, other: string): string => one > other ? one : other;

/** `2026-01-31`, or `2026-01-01 to 2026-01-31`. */
export function formatDays({ from, to }: DayRange): string {
  return from === to ? from : `${from} to ${to}`;
}
