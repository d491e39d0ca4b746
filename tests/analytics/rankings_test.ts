import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { eventTotals } from "../../src/analytics/event_totals.ts";
import { eventNames } from "../../src/analytics/event_names.ts";
import { propertyValues } from "../../src/analytics/property_values.ts";
import { topEvents } from "../../src/analytics/top_events.ts";
import { topProperties } from "../../src/analytics/top_properties.ts";
import { spanOfTime, timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowKeys, slowTotals } from "../helpers/slow_reports.ts";
import { arbitraryHistory, eventAt, EventLab } from "./event_lab.ts";

const EVENTS = [
  eventAt("2026-08-01T01:00:00Z", "Open", "ann", { country: "US", plan: "pro" }),
  eventAt("2026-08-01T02:00:00Z", "Open", "ann", { country: "US" }),
  eventAt("2026-08-01T03:00:00Z", "Buy", "ann", { country: ["DE", "FR"], amount: 5 }),
  eventAt("2026-08-02T03:00:00Z", "Buy", "bob", { country: [] }),
  eventAt("2026-08-02T03:00:00Z", "Close", "bob", {}),
];

const LAB = new EventLab(EVENTS);
const ALL = { buckets: timeBuckets({ fromDay: "2026-01-01", toDay: "2026-12-31", unit: "month" }) };
const SOME = { buckets: timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-05", unit: "day" }) };

describe("eventNames", () => {
  it("lists the most common names first, ties by name", () => {
    assert.deepEqual(eventNames(LAB.view, ALL), ["Buy", "Open", "Close"]);
    assert.deepEqual(eventNames(LAB.view, { ...ALL, limit: 1 }), ["Buy"]);
  });

  it("counts users when asked for unique", () => {
    assert.deepEqual(eventNames(LAB.view, { ...ALL, type: "unique" }), ["Buy", "Close", "Open"]);
    assert.deepEqual(eventNames(LAB.view, { ...ALL, type: "average" }), ["Open", "Buy", "Close"]);
  });

  it("looks only at the time it is given", () => {
    assert.deepEqual(eventNames(LAB.view, { buckets: spanOfTime(Date.UTC(2026, 7, 2), Infinity) }), ["Buy", "Close"]);
    assert.deepEqual(eventNames(LAB.view, { buckets: spanOfTime(-Infinity, Date.UTC(2026, 7, 1, 3)) }), ["Open"]);
  });
});

describe("topEvents", () => {
  it("compares today with the same share of yesterday", () => {
    const today = ["00", "05", "09"].map((hour) => eventAt(`2026-08-02T${hour}:00:00Z`));
    const yesterday = ["00", "05", "09", "23"].map((hour) => eventAt(`2026-08-01T${hour}:30:00Z`));
    const other = [eventAt("2026-08-02T01:00:00Z", "New"), eventAt("2026-08-01T01:00:00Z", "Gone")];
    const nowMs = Date.UTC(2026, 7, 2, 12);
    assert.deepEqual(topEvents(new EventLab([...today, ...yesterday, ...other]).view, { nowMs }), [
      { amount: 3, event: "Open", percent_change: 0.5 },
      { amount: 1, event: "New", percent_change: 1 },
    ]);
    assert.equal(topEvents(new EventLab([...today, ...other]).view, { nowMs, limit: 1 }).length, 1);
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
    const changes = topEvents(new EventLab(events).view, { nowMs }).map(({ percent_change }) =>
      percent_change.toFixed(12)
    );
    assert.deepEqual(changes, ["-0.202096024788", "-0.356357459996"]);
  });

  it("compares averages as they are, since they do not grow in the course of a day", () => {
    const times = ["2026-08-01T01:00:00Z", "2026-08-01T02:00:00Z", "2026-08-02T01:00:00Z", "2026-08-02T02:00:00Z"];
    const events = times.map((time) => eventAt(time));
    const [top] = topEvents(new EventLab(events).view, { nowMs: Date.UTC(2026, 7, 2, 12), type: "average" });
    assert.deepEqual(top, { amount: 2, event: "Open", percent_change: 0 });
  });

  it("begins the day at the project's midnight", () => {
    const event = eventAt("2026-08-01T23:00:00Z");
    const nowMs = Date.UTC(2026, 7, 2, 10);
    assert.equal(topEvents(new EventLab([event]).view, { nowMs, timeZone: "UTC" }).length, 0);
    assert.equal(topEvents(new EventLab([event]).view, { nowMs, timeZone: "Europe/Berlin" }).length, 1);
  });
});

describe("topProperties", () => {
  it("counts the events that have each property", () => {
    assert.deepEqual(topProperties(LAB.view, { ...ALL, event: "Open" }), { country: 2, plan: 1 });
    assert.deepEqual(topProperties(LAB.view, { ...ALL, limit: 2 }), { country: 4, amount: 1 });
  });

  it("counts every property of any event", () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const lab = new EventLab(history);
        const counts = topProperties(lab.view, { event: "View", ...SOME, limit: 99 });
        const views = lab.events.filter(({ name, timeMs }) => name === "View" && SOME.buckets.bucketOf(timeMs));
        const names = views.flatMap(({ properties }) => Object.keys(properties));
        assert.deepEqual(
          counts,
          Object.fromEntries([...Map.groupBy(names, (one) => one)].map(([one, all]) => [one, all.length])),
        );
      }),
    );
  });
});

describe("propertyValues", () => {
  it("lists the most frequent values first, and lists by element", () => {
    assert.deepEqual(propertyValues(LAB.view, { ...ALL, property: "country" }), ["US", "DE", "FR"]);
    assert.deepEqual(propertyValues(LAB.view, { ...ALL, event: "Buy", property: "country", limit: 1 }), ["DE"]);
    assert.deepEqual(propertyValues(LAB.view, { ...ALL, property: "constructor" }), []);
  });

  it("counts every element of every value", () => {
    fc.assert(
      fc.property(arbitraryHistory, (history) => {
        const lab = new EventLab(history);
        const counts = new Map<string, number>();
        for (const { timeMs, properties } of lab.events) {
          const { value } = properties;
          if (SOME.buckets.bucketOf(timeMs) === undefined || !Object.hasOwn(properties, "value")) continue;
          if (Array.isArray(value) && value.length === 0) continue;
          for (const key of slowKeys(value)) counts.set(key, (counts.get(key) ?? 0) + 1);
        }
        const found = propertyValues(lab.view, { property: "value", ...SOME });
        assert.deepEqual(new Set(found), new Set(counts.keys()));
        const inOrder = found.map((key) => counts.get(key)!);
        assert.deepEqual(inOrder, inOrder.toSorted((a, b) => b - a));
      }),
    );
  });
});

describe("eventTotals", () => {
  it("is what counting events and people gives", () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.constantFrom("general", "unique", "average"), (history, type) => {
        const lab = new EventLab(history);
        assert.deepEqual(eventTotals(lab.view, type, SOME.buckets), slowTotals(lab.events, type, SOME.buckets));
      }),
    );
  });
});
