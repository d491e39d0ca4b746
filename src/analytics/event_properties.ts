import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import { PropertyValue } from "./rows/property_value.ts";
import { Segmenter } from "./rows/segmenter.ts";
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
  view: EventView,
  { event, property, values, type, buckets, limit = DEFAULT_VALUES }: EventPropertiesQuery,
): Series {
  const wanted = values && new Set(values);
  const keysOf = (value: unknown) => {
    if (value === undefined) return [];
    const keys = segmentKeys(value);
    return wanted === undefined ? keys : keys.filter((key) => wanted.has(key));
  };
  const segmenter = new Segmenter(new PropertyValue(view, property), keysOf);
  for (const value of wanted ?? []) segmenter.add(value);
  return new SeriesCounter(view, type, { names: [event], buckets }, segmenter).top(limit, wanted);
}
