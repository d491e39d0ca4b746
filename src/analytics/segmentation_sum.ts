import type { EventView } from "./rows/event_view.ts";
import type { RowFilter, RowValue } from "./rows/row_value.ts";
import { visitRows } from "./rows/scan.ts";
import type { Buckets } from "./time_buckets.ts";

/** Which numbers of which event to add up. */
export interface SegmentationSumQuery {
  event: string;
  buckets: Buckets;
  /** The number; whatever else it gives counts as zero. */
  on: RowValue;
  where?: RowFilter;
}

/** Adds a number of each event up, by bucket. (Mixpanel: `/segmentation/sum`) */
export function segmentationSum(view: EventView, query: SegmentationSumQuery): Record<string, number> {
  const { sums } = addUp(view, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index]]));
}

/**
 * The mean of a number over the events of each bucket, zero where there are none. Events without the number count as
 * zero. (Mixpanel: `/segmentation/average`)
 */
export function segmentationAverage(view: EventView, query: SegmentationSumQuery): Record<string, number> {
  const { sums, counts } = addUp(view, query);
  return Object.fromEntries(query.buckets.keys.map((key, index) => [key, sums[index] / (counts[index] || 1)]));
}

function addUp(view: EventView, { event, buckets, on, where }: SegmentationSumQuery) {
  const sums = new Float64Array(buckets.keys.length);
  const counts = new Float64Array(buckets.keys.length);
  visitRows(view, { names: [event], buckets, where }, (chunk) => {
    const valueOf = on.bind(chunk);
    return (row, bucket) => {
      const value = valueOf(row);
      counts[bucket]++;
      if (typeof value === "number") sums[bucket] += value;
      else if (typeof value === "bigint") sums[bucket] += Number(value);
    };
  });
  return { sums, counts };
}
