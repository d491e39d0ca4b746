import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import { PropertyValue } from "./rows/property_value.ts";
import { visitRows } from "./rows/scan.ts";
import { Segmenter } from "./rows/segmenter.ts";
import { segmentKeys } from "./segment_key.ts";
import { CellCounts } from "./cells.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_VALUES = 255;

/**
 * The most frequent values of a property as text, the elements of lists one by one.
 * (Mixpanel: `/events/properties/values`) Without an event's name, of all events.
 */
export function propertyValues(
  view: EventView,
  { event, property, buckets, limit = DEFAULT_VALUES }: {
    event?: string;
    property: string;
    buckets: Buckets;
    limit?: number;
  },
): string[] {
  const isEmpty = (value: unknown) => value === undefined || (Array.isArray(value) && value.length === 0);
  const values = new Segmenter(new PropertyValue(view, property), (value) => isEmpty(value) ? [] : segmentKeys(value));
  const counts = new CellCounts();
  visitRows(view, { names: event === undefined ? undefined : [event], buckets }, (chunk) => {
    const valueOf = values.bind(chunk);
    return (row) => {
      for (const value of values.several(valueOf(row))) counts.add(value, 1);
    };
  });
  return largest(values.keys.map((key, value): [string, number] => [key, counts.get(value)]), limit)
    .map(([value]) => value);
}
