import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { deduplicate } from "../../src/analytics/deduplicate.ts";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";

const event = (insertId: unknown, other: Partial<AnalyticsEvent> = {}, copy = 0): AnalyticsEvent => ({
  name: "Open",
  timeMs: 1000,
  distinctId: "ann",
  properties: { $insert_id: insertId, copy },
  ...other,
});

describe("deduplicate", () => {
  it("keeps the latest of events with the same name, user, time and insert id", () => {
    const latest = event("a", {}, 2);
    assert.deepEqual(deduplicate([event("a", {}, 0), event("b"), event("a", {}, 1), latest]), [event("b"), latest]);
  });

  it("keeps events that differ in any of the four", () => {
    const events = [
      event("a"),
      event("b"),
      event("a", { name: "Buy" }),
      event("a", { timeMs: 1001 }),
      event("a", { distinctId: "bob" }),
    ];
    assert.deepEqual(deduplicate(events), events);
  });

  it("keeps all events without an insert id, also the same one twice", () => {
    const one = { ...event(""), properties: {} };
    assert.deepEqual(deduplicate([one, one]), [one, one]);
    const two = event("a");
    assert.deepEqual(deduplicate([two, two]), [two]);
  });

  it("keeps what has no later equal", () => {
    const arbitrary = fc.array(
      fc.record({
        name: fc.constantFrom("Open", "Buy"),
        timeMs: fc.nat(2),
        distinctId: fc.constantFrom("ann", "bob"),
        properties: fc.record({ $insert_id: fc.constantFrom("a", "b"), copy: fc.nat() }, { requiredKeys: ["copy"] }),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(arbitrary, (events) => {
        const kept = events.filter((one, index) =>
          one.properties.$insert_id === undefined ||
          !events.slice(index + 1).some((other) =>
            other.name === one.name && other.timeMs === one.timeMs && other.distinctId === one.distinctId &&
            other.properties.$insert_id === one.properties.$insert_id
          )
        );
        assert.deepEqual(deduplicate(events), kept);
      }),
    );
  });
});
