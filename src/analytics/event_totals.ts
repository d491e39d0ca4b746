import type { AnalyticsEvent, CountType } from "./event.ts";

/** Counts, for every event name in `[fromMs, toMs)`, its events, its distinct users, or its events per user. */
export function eventTotals(
  events: Iterable<AnalyticsEvent>,
  type: CountType,
  fromMs = -Infinity,
  toMs = Infinity,
): Map<string, number> {
  const totals = new Map<string, number>();
  const users = new Map<string, Set<string>>();
  for (const { name, timeMs, distinctId } of events) {
    if (timeMs < fromMs || timeMs >= toMs) continue;
    totals.set(name, (totals.get(name) ?? 0) + 1);
    if (type === "general") continue;
    const seen = users.get(name);
    if (seen) seen.add(distinctId);
    else users.set(name, new Set([distinctId]));
  }
  for (const [name, { size }] of users) totals.set(name, type === "unique" ? size : totals.get(name)! / size);
  return totals;
}
