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

/** What it takes to know which values are not those of a whole period. */
export interface Periods {
  unit: PeriodUnit;
  /** How many units a period has; default 1. */
  count?: number;
  nowMs: number;
  /** The days that were asked for, both included: only these are counted. */
  from?: string;
  to?: string;
}

/** Whether the period with this label is not over yet, so that its value can still change. */
export function isOpenPeriod(label: string, { unit, count, nowMs }: Periods): boolean {
  const startMs = periodStartMs(label);
  return startMs !== undefined && afterUnits(startMs, unit, count) > nowMs;
}

/** Whether a value is that of a part of its period: it is not over, or some of its days were not asked for. */
export function isPartPeriod(label: string, periods: Periods): boolean {
  return isOpenPeriod(label, periods) || missingEnd(label, periods) !== undefined;
}

/** The end of a period whose days were not asked for. */
function missingEnd(label: string, { unit, count = 1, from, to }: Periods): "first" | "last" | undefined {
  const startMs = periodStartMs(label);
  // Ranges have whole days.
  const isLonger = unit === "week" || unit === "month" || (unit === "day" && count > 1);
  if (startMs === undefined || !isLonger) return undefined;
  if (from !== undefined && startMs < periodStartMs(from)!) return "first";
  return to !== undefined && afterUnits(startMs, unit, count) > periodStartMs(to)! + DAY_MS ? "last" : undefined;
}

/**
 * A point for each period. One of which there is only a part is open; one that has not begun, and counts nothing, has no
 * value: a line must not fall to zero in the future.
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
    return { label, value: isFuture && value === 0 ? null : value, isOpen: isPartPeriod(label, periods) };
  });
}

/** Which periods are not whole, in words; undefined where all are. */
export function openPeriodNote(labels: readonly string[], periods: Periods | undefined): string | undefined {
  if (periods === undefined) return undefined;
  const open = labels.find((label) => isOpenPeriod(label, periods));
  const parts = [
    cutPeriodNote(labels, periods),
    open === undefined ? undefined : `${periodName(open, periods)} ${isOrAre(periods)} not over yet`,
  ].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : parts.join("; ");
}

/** Of which periods some days were not asked for, in words; undefined where of none. */
export function cutPeriodNote(labels: readonly string[], periods: Periods): string | undefined {
  const cut = (end: "first" | "last") =>
    labels.find((label) => !isOpenPeriod(label, periods) && missingEnd(label, periods) === end);
  const [first, last] = [cut("first"), cut("last")];
  const told = (label: string, days: string) =>
    `${periodName(label, periods)} ${isOrAre(periods)} counted only ${days}`;
  const parts = [
    ...(first === undefined ? [] : [told(first, `from ${periods.from}`)]),
    ...(last === undefined ? [] : [told(last, `up to ${periods.to}`)]),
  ];
  return parts.length === 0 ? undefined : parts.join("; ");
}

const isOrAre = ({ count = 1 }: Periods): string => count > 1 ? "are" : "is";

function periodName(label: string, { unit, count = 1 }: Periods): string {
  if (count > 1) return `the ${count} ${unit}s from ${label}`;
  return unit === "week" || unit === "month" ? `the ${unit} of ${label}` : label;
}
