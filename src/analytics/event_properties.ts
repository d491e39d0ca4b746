import type { AnalyticsEvent, CountType } from "./event.ts";
import { segmentKeys } from "./segment_key.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_VALUES = 255;

/** Which property of which event, and which of its values. */
export interface EventPropertiesQuery {
  event: string;
  property: string;
  /** Only these values, with zeros for those that never occur. Default: the most frequent ones. */
  values?: readonly string[];
  type: CountType;
  buckets: Buckets;
  /** How many values to keep. Default: 255. */
  limit?: number;
}

/**
 * Counts an event over time by the values of one property; events without the property are left out.
 * (Mixpanel: `/events/properties`)
 */
export function eventProperties(
  events: Iterable<AnalyticsEvent>,
  { event: name, property, values, type, buckets, limit = DEFAULT_VALUES }: EventPropertiesQuery,
): Series {
  const wanted = values && new Set(values);
  const counter = new SeriesCounter(type, buckets, wanted);
  for (const event of events) {
    if (event.name !== name || !Object.hasOwn(event.properties, property)) continue;
    const index = buckets.indexOf(event.timeMs);
    if (index < 0) continue;
    for (const key of segmentKeys(event.properties[property])) {
      if (!wanted || wanted.has(key)) counter.add(key, index, event.distinctId);
    }
  }
  return counter.top(limit);
}
