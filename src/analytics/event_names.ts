import type { CountType } from "./count_type.ts";
import { eventTotals } from "./event_totals.ts";
import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_NAMES = 255;

/**
 * Names of the most common events of a time, most common first. (Mixpanel: `/events/names`, which looks at the last 31
 * days and whose order is not documented consistently.)
 */
export function eventNames(
  view: EventView,
  { type = "general", limit = DEFAULT_NAMES, buckets }: { type?: CountType; limit?: number; buckets: Buckets },
): string[] {
  return largest(eventTotals(view, type, buckets), limit).map(([name]) => name);
}
