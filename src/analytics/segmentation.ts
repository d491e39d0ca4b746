import { countEvents } from "./count_events.ts";
import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import type { RowFilter, RowValue } from "./rows/row_value.ts";
import { Segmenter } from "./rows/segmenter.ts";
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
  on?: RowValue;
  where?: RowFilter;
  /** How many segments to keep, the largest first. Does nothing without `on`. Default: 60. */
  limit?: number;
}

/**
 * Counts one event over time, split by a value. (Mixpanel: `/segmentation`)
 *
 * Events without the value are in the segment `undefined`; a list counts once for each of its distinct elements.
 */
export function segmentation(
  view: EventView,
  { event, buckets, type = "general", on, where, limit = DEFAULT_SEGMENTS }: SegmentationQuery,
): Series {
  const names = [event];
  if (on === undefined) return countEvents(view, { names, type, buckets, where });
  return new SeriesCounter(view, type, { names, buckets, where }, new Segmenter(on)).top(limit);
}
