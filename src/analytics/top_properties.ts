import type { AnalyticsEvent } from "./event.ts";
import { largest } from "./ranking.ts";

const DEFAULT_PROPERTIES = 10;

/**
 * The most frequent property names, each with the number of events that have it. (Mixpanel: `/events/properties/top`)
 * Without an event's name, of all events.
 */
export function topProperties(
  events: Iterable<AnalyticsEvent>,
  { event: wanted, limit = DEFAULT_PROPERTIES }: { event?: string; limit?: number },
): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { name, properties } of events) {
    if (wanted !== undefined && name !== wanted) continue;
    for (const property of Object.keys(properties)) counts.set(property, (counts.get(property) ?? 0) + 1);
  }
  return Object.fromEntries(largest(counts, limit));
}
