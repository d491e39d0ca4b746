import type { CountType } from "./count_type.ts";
import { eventTotals } from "./event_totals.ts";
import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import { type Buckets, recentBuckets } from "./time_buckets.ts";

const DEFAULT_EVENTS = 100;

/** One of today's events. Property names are Mixpanel's. */
export interface TopEvent {
  amount: number;
  event: string;
  /** 0.5 is half more than yesterday, -0.5 half as much; 1 when there was none yesterday. */
  percent_change: number;
}

/**
 * Today's most frequent events and how they compare with yesterday. (Mixpanel: `/events/top`)
 *
 * Today is compared with as much of yesterday as has passed of today, as a share of its whole count: the numbers in
 * the published sample are exact for that reading.
 */
export function topEvents(view: EventView, query: TopEventsQuery): TopEvent[] {
  const { today, yesterday } = topDays(query);
  const { type = "general" } = query;
  return rankedEvents(eventTotals(view, type, today), eventTotals(view, type, yesterday), query);
}

export interface TopEventsQuery {
  nowMs: number;
  timeZone?: string;
  type?: CountType;
  limit?: number;
}

/** The two days that are compared. */
export function topDays({ nowMs, timeZone }: TopEventsQuery): { today: Buckets; yesterday: Buckets } {
  const today = recentBuckets({ interval: 1, unit: "day", nowMs, timeZone });
  return { today, yesterday: recentBuckets({ interval: 1, unit: "day", nowMs: today.startMs - 1, timeZone }) };
}

/** The same from the totals of both days by the names of events. */
export function rankedEvents(
  today: ReadonlyMap<string, number>,
  yesterday: ReadonlyMap<string, number>,
  query: TopEventsQuery,
): TopEvent[] {
  const { nowMs, type, limit = DEFAULT_EVENTS } = query;
  const { startMs, endMs } = topDays(query).today;
  // An average doesn't grow in the course of a day, so only counts are scaled.
  const elapsed = type === "average" ? 1 : (nowMs - startMs) / (endMs - startMs);
  return largest(today, limit).map(([event, amount]) => {
    const expected = (yesterday.get(event) ?? 0) * elapsed;
    return { amount, event, percent_change: expected === 0 ? 1 : amount / expected - 1 };
  });
}
