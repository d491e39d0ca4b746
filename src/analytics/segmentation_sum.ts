import type { AnalyticsEvent, EventFilter, EventValue } from "./event.ts";
import type { Buckets } from "./time_buckets.ts";

/** Which numbers of which event to add up. */
export interface SegmentationSumQuery {
  event: string;
  buckets: Buckets;
  /** The number; whatever else it gives counts as zero. */
  on: EventValue;
  where?: EventFilter;
}

/** Adds a number of each event up, by bucket. (Mixpanel: `/segmentation/sum`) */
export function segmentationSum(
  events: Iterable<AnalyticsEvent>,
  query: SegmentationSumQuery,
): Record<string, number> {
  const { sums } = addUp(events, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index]]));
}

/**
 * The mean of a number over the events of each bucket, zero where there are none. Events without the number count as
 * zero. (Mixpanel: `/segmentation/average`)
 */
export function segmentationAverage(
  events: Iterable<AnalyticsEvent>,
  query: SegmentationSumQuery,
): Record<string, number> {
  const { sums, counts } = addUp(events, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index] / (counts[index] || 1)]));
}

function addUp(events: Iterable<AnalyticsEvent>, { event: name, buckets, on, where }: SegmentationSumQuery) {
  const sums = new Float64Array(buckets.keys.length);
  const counts = new Float64Array(buckets.keys.length);
  for (const event of events) {
    if (event.name !== name) continue;
    const index = buckets.indexOf(event.timeMs);
    if (index < 0 || (where && !where(event))) continue;
    const value = on(event);
    counts[index]++;
    if (typeof value === "number" || typeof value === "bigint") sums[index] += Number(value);
  }
  return { sums, counts };
}
