import type { AnalyticsEvent, CountType } from "./event.ts";
import { eventTotals } from "./event_totals.ts";
import { largest } from "./ranking.ts";

const DEFAULT_NAMES = 255;

/**
 * Names of the most common events in `[fromMs, toMs)`, most common first. (Mixpanel: `/events/names`, which looks at
 * the last 31 days and whose order is not documented consistently.)
 */
export function eventNames(
  events: Iterable<AnalyticsEvent>,
  { type = "general", limit = DEFAULT_NAMES, fromMs, toMs }: {
    type?: CountType;
    limit?: number;
    fromMs?: number;
    toMs?: number;
  } = {},
): string[] {
  return largest(eventTotals(events, type, fromMs, toMs), limit).map(([name]) => name);
}
