import type { AnalyticsEvent, CountType, EventFilter } from "./event.ts";
import { type Series, SeriesCounter } from "./series.ts";
import type { Buckets } from "./time_buckets.ts";

/** Counts the named events over time; a name that never occurs has zeros. (Mixpanel: `/events`) */
export function countEvents(
  events: Iterable<AnalyticsEvent>,
  { names, type, buckets, where }: { names: readonly string[]; type: CountType; buckets: Buckets; where?: EventFilter },
): Series {
  const wanted = new Set(names);
  const counter = new SeriesCounter(type, buckets, wanted);
  for (const event of events) {
    if (!wanted.has(event.name)) continue;
    const index = buckets.indexOf(event.timeMs);
    if (index < 0 || (where && !where(event))) continue;
    counter.add(event.name, index, event.distinctId);
  }
  return counter.inOrder();
}
