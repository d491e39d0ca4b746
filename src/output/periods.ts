/** Periods of a report: when one ends, and whether it is over. Days are those of UTC, as everywhere on the command line. */

export type PeriodUnit = "minute" | "hour" | "day" | "week" | "month";

const DAY_MS = 86_400_000;
const FIXED_MS = { minute: 60_000, hour: 3_600_000, day: DAY_MS, week: 7 * DAY_MS };
const LABEL = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2}))?)?/;

/** The moment at which a period begins, from its label (`2026-11-29`, `2026-11-29 13:00:00`); undefined for other labels. */
export function periodStartMs(label: string): number | undefined {
  const match = LABEL.exec(label);
  if (match === null) return undefined;
  const [year, month, day, hour = 0, minute = 0, second = 0] = match.slice(1).map((part) => Number(part ?? 0));
  return Date.UTC(year!, month! - 1, day!, hour, minute, second);
}

/** The first moment after `count` units that begin at `startMs`. Months are those of the calendar. */
export function afterUnits(startMs: number, unit: PeriodUnit, count = 1): number {
  if (unit !== "month") return startMs + count * FIXED_MS[unit];
  const date = new Date(startMs);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + count, date.getUTCDate());
}

/** Whether the period with this label is not over yet, so that its value can still change. */
export function isOpenPeriod(label: string, unit: PeriodUnit, nowMs: number, units = 1): boolean {
  const startMs = periodStartMs(label);
  return startMs !== undefined && afterUnits(startMs, unit, units) > nowMs;
}

/** What it takes to know which points of a line are not final. */
export interface Periods {
  unit: PeriodUnit;
  nowMs: number;
}

/**
 * A point for each period. One that is not over is open; one that has not begun, and counts nothing, has no value: a line
 * must not fall to zero in the future.
 */
export function periodPoints(
  labels: readonly string[],
  valueOf: (label: string) => number | null,
  periods: Periods | undefined,
): { label: string; value: number | null; isOpen: boolean }[] {
  return labels.map((label) => {
    const value = valueOf(label);
    if (periods === undefined) return { label, value, isOpen: false };
    const isFuture = (periodStartMs(label) ?? 0) > periods.nowMs;
    return {
      label,
      value: isFuture && value === 0 ? null : value,
      isOpen: isOpenPeriod(label, periods.unit, periods.nowMs),
    };
  });
}

/** What the open points of a chart are, in words; undefined where there are none. */
export function openPeriodNote(labels: readonly string[], periods: Periods | undefined): string | undefined {
  if (periods === undefined) return undefined;
  const first = labels.find((label) => isOpenPeriod(label, periods.unit, periods.nowMs));
  if (first === undefined) return undefined;
  const period = periods.unit === "week" || periods.unit === "month" ? `the ${periods.unit} of ${first}` : first;
  return `${period} is not over yet`;
}
