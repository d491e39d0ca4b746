import type { AnalyticsEvent, EventFilter, EventValue } from "./event.ts";
import { largest } from "./ranking.ts";
import { segmentKeys } from "./segment_key.ts";
import { type BucketedDays, timeBuckets } from "./time_buckets.ts";

const DEFAULT_SEGMENTS = 255;
const NO_SEGMENT = [""] as const;

/** Which events, in which periods, and how finely their users' activity is looked at. */
export interface FrequencyQuery extends Omit<BucketedDays, "unit" | "interval"> {
  /** The periods. */
  unit: "day" | "week" | "month";
  /** The parts of a period in which a user is active or not. Mixpanel's `addiction_unit`. */
  partUnit: "hour" | "day";
  /** Without it, any event. */
  event?: string;
  where?: EventFilter;
}

/**
 * For each period, the n-th number is how many users were active in at least n of its hours or days.
 * (Mixpanel: `/retention/addiction`)
 */
export function frequency(events: Iterable<AnalyticsEvent>, query: FrequencyQuery): Record<string, number[]> {
  const { keys, counts } = count(events, query, () => NO_SEGMENT);
  const rows = counts.get("");
  return Object.fromEntries(keys.map((key, index) => [key, rows?.[index] ?? emptyRow(key, query)]));
}

/** Frequency split by a value: in each segment only its own events are looked at. */
export function frequencyBySegment(
  events: Iterable<AnalyticsEvent>,
  { on, limit = DEFAULT_SEGMENTS, ...query }: FrequencyQuery & { on: EventValue; limit?: number },
): Record<string, Record<string, number[]>> {
  const { keys, counts } = count(events, query, (event) => segmentKeys(on(event)));
  const users = (rows: number[][]) => rows.reduce((sum, row) => sum + row[0], 0);
  const kept = largest([...counts].map(([segment, rows]): [string, number] => [segment, users(rows)]), limit);
  return Object.fromEntries(keys.map((key, index) => {
    return [key, Object.fromEntries(kept.map(([segment]) => [segment, counts.get(segment)![index]]))];
  }));
}

function count(
  events: Iterable<AnalyticsEvent>,
  query: FrequencyQuery,
  segmentsOf: (event: AnalyticsEvent) => readonly string[],
): { keys: readonly string[]; counts: Map<string, number[][]> } {
  const periods = timeBuckets(query);
  const parts = timeBuckets({ ...query, unit: query.partUnit });
  const active = new Map<string, Map<string, Set<number>>[]>();
  for (const event of events) {
    if (query.event !== undefined && event.name !== query.event) continue;
    const period = periods.indexOf(event.timeMs);
    if (period < 0 || (query.where && !query.where(event))) continue;
    const part = parts.indexOf(event.timeMs);
    for (const segment of segmentsOf(event)) {
      let byPeriod = active.get(segment);
      if (byPeriod === undefined) active.set(segment, byPeriod = periods.keys.map(() => new Map()));
      const users = byPeriod[period];
      const seen = users.get(event.distinctId);
      if (seen) seen.add(part);
      else users.set(event.distinctId, new Set([part]));
    }
  }
  const counts = new Map<string, number[][]>();
  for (const [segment, byPeriod] of active) {
    counts.set(segment, byPeriod.map((users, index) => atLeast(emptyRow(periods.keys[index], query), users)));
  }
  return { keys: periods.keys, counts };
}

function atLeast(row: number[], users: Map<string, Set<number>>): number[] {
  for (const { size } of users.values()) row[size - 1]++;
  for (let index = row.length - 2; index >= 0; index--) row[index] += row[index + 1];
  return row;
}

/** Zeros for the parts of a whole period, also where the range cuts it short or a clock change lengthens it. */
function emptyRow(key: string, { unit, partUnit }: FrequencyQuery): number[] {
  const days = unit === "day" ? 1 : unit === "week" ? 7 : Temporal.PlainDate.from(key).daysInMonth;
  return new Array<number>(partUnit === "hour" ? days * 24 : days).fill(0);
}
