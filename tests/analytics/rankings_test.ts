import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { eventNames } from "../../src/analytics/event_names.ts";
import { propertyValues } from "../../src/analytics/property_values.ts";
import { topEvents } from "../../src/analytics/top_events.ts";
import { topProperties } from "../../src/analytics/top_properties.ts";
import { arbitraryEvents, eventAt } from "./arbitrary_events.ts";

const EVENTS = [
  eventAt("2026-08-01T01:00:00Z", "Open", "ann", { country: "US", plan: "pro" }),
  eventAt("2026-08-01T02:00:00Z", "Open", "ann", { country: "US" }),
  eventAt("2026-08-01T03:00:00Z", "Buy", "ann", { country: ["DE", "FR"], amount: 5 }),
  eventAt("2026-08-02T03:00:00Z", "Buy", "bob", { country: [] }),
  eventAt("2026-08-02T03:00:00Z", "Close", "bob", {}),
];

describe("eventNames", () => {
  it("lists the most common names first, ties by name", () => {
    assert.deepEqual(eventNames(EVENTS), ["Buy", "Open", "Close"]);
    assert.deepEqual(eventNames(EVENTS, { limit: 1 }), ["Buy"]);
  });

  it("counts users when asked for unique", () => {
    assert.deepEqual(eventNames(EVENTS, { type: "unique" }), ["Buy", "Close", "Open"]);
    assert.deepEqual(eventNames(EVENTS, { type: "average" }), ["Open", "Buy", "Close"]);
  });

  it("looks only at the time it is given", () => {
    assert.deepEqual(eventNames(EVENTS, { fromMs: Date.UTC(2026, 7, 2) }), ["Buy", "Close"]);
    assert.deepEqual(eventNames(EVENTS, { toMs: Date.UTC(2026, 7, 1, 3) }), ["Open"]);
  });
});

describe("topEvents", () => {
  it("compares today with the same share of yesterday", () => {
    const today = ["00", "05", "09"].map((hour) => eventAt(`2026-08-02T${hour}:00:00Z`));
    const yesterday = ["00", "05", "09", "23"].map((hour) => eventAt(`2026-08-01T${hour}:30:00Z`));
    const other = [eventAt("2026-08-02T01:00:00Z", "New"), eventAt("2026-08-01T01:00:00Z", "Gone")];
    const nowMs = Date.UTC(2026, 7, 2, 12);
    assert.deepEqual(topEvents([...today, ...yesterday, ...other], { nowMs }), [
      { amount: 3, event: "Open", percent_change: 0.5 },
      { amount: 1, event: "New", percent_change: 1 },
    ]);
    assert.equal(topEvents([...today, ...other], { nowMs, limit: 1 }).length, 1);
  });

  it("gives the ratios of the published sample at the moment that the sample implies", () => {
    const many = (count: number, time: string, name: string) =>
      Array.from({ length: count }, () => eventAt(time, name));
    const events = [
      ...many(2, "2026-08-02T01:00:00Z", "funnel"),
      ...many(75, "2026-08-02T01:00:00Z", "pages"),
      ...many(4, "2026-08-01T01:00:00Z", "funnel"),
      ...many(121, "2026-08-01T01:00:00Z", "pages"),
    ];
    const nowMs = Date.UTC(2026, 7, 2) + 67_118_000;
    const changes = topEvents(events, { nowMs }).map(({ percent_change }) => percent_change.toFixed(12));
    assert.deepEqual(changes, ["-0.202096024788", "-0.356357459996"]);
  });

  it("compares averages as they are, since they do not grow in the course of a day", () => {
    const times = ["2026-08-01T01:00:00Z", "2026-08-01T02:00:00Z", "2026-08-02T01:00:00Z", "2026-08-02T02:00:00Z"];
    const events = times.map((time) => eventAt(time));
    const [top] = topEvents(events, { nowMs: Date.UTC(2026, 7, 2, 12), type: "average" });
    assert.deepEqual(top, { amount: 2, event: "Open", percent_change: 0 });
  });

  it("begins the day at the project's midnight", () => {
    const event = eventAt("2026-08-01T23:00:00Z");
    const nowMs = Date.UTC(2026, 7, 2, 10);
    assert.equal(topEvents([event], { nowMs, timeZone: "UTC" }).length, 0);
    assert.equal(topEvents([event], { nowMs, timeZone: "Europe/Berlin" }).length, 1);
  });
});

describe("topProperties", () => {
  it("counts the events that have each property", () => {
    assert.deepEqual(topProperties(EVENTS, { event: "Open" }), { country: 2, plan: 1 });
    assert.deepEqual(topProperties(EVENTS, { limit: 2 }), { country: 4, amount: 1 });
  });

  it("counts every property of any event", () => {
    fc.assert(
      fc.property(arbitraryEvents, (events) => {
        const counts = topProperties(events, { event: "View", limit: 99 });
        for (const name of ["value", "amount"]) {
          const expected = events.filter((each) => each.name === "View" && name in each.properties).length;
          assert.equal(counts[name] ?? 0, expected);
        }
      }),
    );
  });
});

describe("propertyValues", () => {
  it("lists the most frequent values first, and lists by element", () => {
    assert.deepEqual(propertyValues(EVENTS, { property: "country" }), ["US", "DE", "FR"]);
    assert.deepEqual(propertyValues(EVENTS, { event: "Buy", property: "country", limit: 1 }), ["DE"]);
    assert.deepEqual(propertyValues(EVENTS, { property: "constructor" }), []);
  });
});
