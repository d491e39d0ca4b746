import type { AnalyticsEvent, CountType, EventFilter, EventValue } from "./event.ts";
import { segmentKeys } from "./segment_key.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_SEGMENTS = 60;

/** What to count, and how to split it. */
export interface SegmentationQuery {
  event: string;
  buckets: Buckets;
  /** Default: general. */
  type?: CountType;
  /** Without it there is one segment, named like the event. */
  on?: EventValue;
  where?: EventFilter;
  /** How many segments to keep, the largest first. Does nothing without `on`. Default: 60. */
  limit?: number;
}

/**
 * Counts one event over time, split by a value. (Mixpanel: `/segmentation`)
 *
 * Events without the value are in the segment `undefined`; a list counts once for each of its distinct elements.
 */
export function segmentation(
  events: Iterable<AnalyticsEvent>,
  { event: name, buckets, type = "general", on, where, limit = DEFAULT_SEGMENTS }: SegmentationQuery,
): Series {
  const counter = new SeriesCounter(type, buckets, on ? [] : [name]);
  for (const event of events) {
    if (event.name !== name) continue;
    const index = buckets.indexOf(event.timeMs);
    if (index < 0 || (where && !where(event))) continue;
    const value = on ? on(event) : name;
    if (typeof value === "string") counter.add(value, index, event.distinctId);
    else for (const key of segmentKeys(value)) counter.add(key, index, event.distinctId);
  }
  return on ? counter.top(limit) : counter.inOrder();
}
