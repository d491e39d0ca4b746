import type { AnalyticsEvent } from "./event.ts";

/**
 * Drops all but the latest copy of each event, as Mixpanel does when it answers a query: copies have the same name,
 * distinct id, time and `$insert_id`. Events come in the order of their arrival and stay in it. An event without
 * `$insert_id` has no copies.
 */
export function deduplicate(events: Iterable<AnalyticsEvent>): AnalyticsEvent[] {
  const all: AnalyticsEvent[] = [];
  const firstIndexes = new Map<unknown, number>();
  const latestIndexes = new Map<string, number>();
  const superseded = new Set<number>();
  for (const event of events) {
    const index = all.push(event) - 1;
    const insertId = event.properties["$insert_id"];
    if (insertId === undefined) continue;
    // Insert ids are nearly always unique, so the whole identity is only spelled out for those that come up twice.
    const firstIndex = firstIndexes.get(insertId);
    if (firstIndex === undefined) {
      firstIndexes.set(insertId, index);
      continue;
    }
    const firstIdentity = identityOf(all[firstIndex]);
    if (!latestIndexes.has(firstIdentity)) latestIndexes.set(firstIdentity, firstIndex);
    const identity = identityOf(event);
    const olderIndex = latestIndexes.get(identity);
    if (olderIndex !== undefined) superseded.add(olderIndex);
    latestIndexes.set(identity, index);
  }
  return superseded.size === 0 ? all : all.filter((_event, index) => !superseded.has(index));
}

function identityOf({ name, distinctId, timeMs, properties }: AnalyticsEvent): string {
  return JSON.stringify([String(properties["$insert_id"]), name, distinctId, timeMs]);
}
