import type { AnalyticsEvent } from "./event.ts";
import { largest } from "./ranking.ts";
import { segmentKeys } from "./segment_key.ts";

const DEFAULT_VALUES = 255;

/**
 * The most frequent values of a property as text, the elements of lists one by one.
 * (Mixpanel: `/events/properties/values`) Without an event's name, of all events.
 */
export function propertyValues(
  events: Iterable<AnalyticsEvent>,
  { event: wanted, property, limit = DEFAULT_VALUES }: { event?: string; property: string; limit?: number },
): string[] {
  const counts = new Map<string, number>();
  for (const { name, properties } of events) {
    if ((wanted !== undefined && name !== wanted) || !Object.hasOwn(properties, property)) continue;
    const value = properties[property];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    for (const key of segmentKeys(value)) counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return largest(counts, limit).map(([value]) => value);
}
