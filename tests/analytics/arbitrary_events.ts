import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";

export const DAY_MS = 86_400_000;
/** 2026-08-01 was a Saturday. */
export const AUGUST_MS = Date.UTC(2026, 7, 1);

const value = fc.oneof(
  fc.constantFrom("US", "DE", "__proto__", "constructor", 1, 2.5, true, null),
  fc.array(fc.constantFrom("a", "b", "c"), { maxLength: 3 }),
);

/** A few days of a few people doing a few things: few enough of each that they meet. Some moments are shared. */
export const arbitraryEvents: fc.Arbitrary<AnalyticsEvent[]> = fc.array(
  fc.record({
    name: fc.constantFrom("Open", "View", "Buy"),
    timeMs: fc.integer({ min: -24, max: 24 * 12 }).map((hours) => AUGUST_MS + hours * DAY_MS / 24),
    distinctId: fc.constantFrom("ann", "bob", "cat"),
    properties: fc.record({ value, amount: fc.oneof(fc.integer({ min: -50, max: 500 }), value) }, { requiredKeys: [] }),
  }),
  { maxLength: 60 },
);

/** An event at a time such as `2026-08-01T10:00:00Z`. */
export function eventAt(
  time: string,
  name = "Open",
  distinctId = "ann",
  properties: Record<string, unknown> = {},
): AnalyticsEvent {
  return { name, timeMs: Date.parse(time), distinctId, properties };
}
