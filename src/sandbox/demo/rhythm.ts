/** When the demo's people come: growth over the weeks, quiet weekends, mornings and evenings. */
import { inputError } from "../../errors.ts";
import type { Random } from "./random.ts";

export const DAY_SECONDS = 86_400;

/** The longest that a visit lasts; none begins so late that it would run into the next day. */
export const LONGEST_VISIT_SECONDS = 3600;

/** Of Sunday, Monday, … as `Date` counts them. */
const WEEKDAY_FACTORS = [0.8, 1, 1.04, 1.06, 1.03, 0.97, 0.73];

/** Of each hour of a local day, from midnight. */
const HOUR_WEIGHTS = [
  ...[1, 0.5, 0.3, 0.2, 0.3, 0.8, 2, 4, 5, 4.5, 4, 4],
  ...[4.5, 4.3, 3.8, 3.6, 3.8, 4.2, 4.8, 5.5, 6, 5.5, 4, 2.2],
];

/** How much busier the last day is than the first. */
const GROWTH = 1.8;

/** The first second of a UTC day such as `2026-11-22`. */
export function dayStart(day: string): number {
  const milliseconds = /^\d{4}-\d{2}-\d{2}$/.test(day) ? Date.parse(`${day}T00:00:00Z`) : NaN;
  if (Number.isNaN(milliseconds) || !new Date(milliseconds).toISOString().startsWith(day)) {
    throw inputError(`Cannot make demo data up to ${day}: no such day`, "days look like 2026-01-31");
  }
  return milliseconds / 1000;
}

/** How many events each day gets, so that together they are `events`. `firstSecond` begins the first day. */
export function dailyBudgets(firstSecond: number, days: number, events: number): number[] {
  const weights = Array.from({ length: days }, (_, index) => {
    const weekday = new Date((firstSecond + index * DAY_SECONDS) * 1000).getUTCDay();
    return WEEKDAY_FACTORS[weekday]! * (1 + (GROWTH - 1) * index / Math.max(1, days - 1));
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  let passed = 0;
  let given = 0;
  return weights.map((weight) => {
    passed += weight;
    const budget = Math.round(events * passed / total) - given;
    given += budget;
    return budget;
  });
}

const HOUR_BOUNDS: number[] = [];
for (const weight of HOUR_WEIGHTS) HOUR_BOUNDS.push((HOUR_BOUNDS.at(-1) ?? 0) + weight);

/** A second of the UTC day at which somebody with this offset from UTC might come. */
export function visitSecond(random: Random, utcOffsetHours: number): number {
  const point = random.fraction() * HOUR_BOUNDS.at(-1)!;
  const localHour = HOUR_BOUNDS.findIndex((bound) => point < bound);
  const second = (localHour - utcOffsetHours) * 3600 + random.between(0, 3599);
  return Math.min((second + 2 * DAY_SECONDS) % DAY_SECONDS, DAY_SECONDS - LONGEST_VISIT_SECONDS);
}
