import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { retention, retentionBySegment, type RetentionQuery } from "../../src/analytics/retention.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { arbitraryEvents, DAY_MS, eventAt } from "./arbitrary_events.ts";

const QUERY: RetentionQuery = {
  kind: "birth",
  bornEvent: "Open",
  event: "View",
  buckets: timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day" }),
  intervalMs: DAY_MS,
  intervalCount: 2,
};

const EVENTS = [
  eventAt("2026-08-01T10:00:00Z", "Open", "ann"),
  eventAt("2026-08-01T20:00:00Z", "View", "ann", { value: "US" }),
  eventAt("2026-08-02T09:59:59Z", "View", "ann", { value: "DE" }),
  eventAt("2026-08-02T10:00:00Z", "View", "ann", { value: "US" }),
  eventAt("2026-08-02T11:00:00Z", "Open", "ann"),
  eventAt("2026-08-01T12:00:00Z", "Open", "bob"),
  eventAt("2026-08-03T12:00:00Z", "View", "bob", { value: ["US", "DE"] }),
  eventAt("2026-08-02T00:00:00Z", "Open", "cat"),
  eventAt("2026-08-01T23:00:00Z", "View", "cat"),
  eventAt("2026-07-31T23:00:00Z", "Open", "dan"),
  eventAt("2026-08-01T23:00:00Z", "Open", "dan"),
];

/** The definition, word by word: for each user, period and interval, is there such an event? */
function slowRetention(events: AnalyticsEvent[], query: RetentionQuery): Record<string, unknown> {
  const { kind, bornEvent, event, buckets, intervalMs, intervalCount, unbounded } = query;
  const born = kind === "birth" ? bornEvent : event;
  const byTime = events.toSorted((a, b) => a.timeMs - b.timeMs);
  const users = [...new Set(events.map(({ distinctId }) => distinctId))];
  return Object.fromEntries(buckets.keys.map((key) => {
    const beginnings = users.flatMap((user) => {
      const births = byTime.filter((each) => each.distinctId === user && (born === undefined || each.name === born));
      const inPeriod = births.filter((each) => buckets.bucketOf(each.timeMs) === key);
      if (kind === "birth") return births[0] && inPeriod[0] === births[0] ? [births[0]] : [];
      return inPeriod.slice(0, 1);
    });
    const counts = Array.from(
      { length: intervalCount + 1 },
      (_, interval) =>
        beginnings.filter((birth) =>
          events.some((each) => {
            if (each === birth || each.distinctId !== birth.distinctId) return false;
            if (event !== undefined && each.name !== event) return false;
            const sinceMs = each.timeMs - birth.timeMs;
            const untilMs = (unbounded ? intervalCount + 1 : interval + 1) * intervalMs;
            return sinceMs >= interval * intervalMs && sinceMs < untilMs;
          })
        ).length,
    );
    return [key, { counts, first: beginnings.length }];
  }));
}

describe("retention", () => {
  it("counts who comes back in each interval after the first time", () => {
    assert.deepEqual(retention(EVENTS, QUERY), {
      "2026-08-01": { counts: [1, 1, 1], first: 2 },
      "2026-08-02": { counts: [0, 0, 0], first: 1 },
    });
  });

  it("counts everybody who comes back later in the intervals before, when unbounded", () => {
    assert.deepEqual(retention(EVENTS, { ...QUERY, unbounded: true })["2026-08-01"], { counts: [2, 2, 1], first: 2 });
  });

  it("counts users in each period in which they do the event, when compounded", () => {
    assert.deepEqual(retention(EVENTS, { ...QUERY, kind: "compounded" }), {
      "2026-08-01": { counts: [1, 0, 0], first: 2 },
      "2026-08-02": { counts: [1, 0, 0], first: 1 },
    });
  });

  it("takes any event for coming back when none is named, but not the first one itself", () => {
    const events = [eventAt("2026-08-01T10:00:00Z", "Open", "ann"), eventAt("2026-08-01T10:00:00Z", "Open", "bob")];
    const query = { ...QUERY, event: undefined };
    assert.deepEqual(retention(events, query)["2026-08-01"], { counts: [0, 0, 0], first: 2 });
    const more = [...events, eventAt("2026-08-01T10:00:00Z", "Other", "bob")];
    assert.deepEqual(retention(more, query)["2026-08-01"], { counts: [1, 0, 0], first: 2 });
  });

  it("applies the filters of beginning and of coming back", () => {
    const bornWhere = (event: AnalyticsEvent) => event.distinctId !== "bob";
    const where = (event: AnalyticsEvent) => event.properties.value === "DE";
    const expected = { counts: [1, 0, 0], first: 1 };
    assert.deepEqual(retention(EVENTS, { ...QUERY, bornWhere, where })["2026-08-01"], expected);
  });

  it("gives a row of zeros for each period without users", () => {
    assert.deepEqual(retention([], QUERY)["2026-08-02"], { counts: [0, 0, 0], first: 0 });
  });

  it("is what its definition says, in any order of arrival", () => {
    const queries = fc.record({
      kind: fc.constantFrom("birth" as const, "compounded" as const),
      bornEvent: fc.constantFrom("Open", "View", undefined),
      event: fc.constantFrom("View", "Buy", undefined),
      unbounded: fc.boolean(),
      intervalCount: fc.nat(4),
      intervalMs: fc.constantFrom(DAY_MS, 2 * DAY_MS, DAY_MS / 2),
    });
    fc.assert(
      fc.property(arbitraryEvents, queries, (events, parts) => {
        const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-09", unit: "day", interval: 2 });
        const query = { ...parts, buckets };
        assert.deepEqual(retention(events, query), slowRetention(events, query));
      }),
      { numRuns: 300 },
    );
  });
});

describe("retentionBySegment", () => {
  it("splits the returns, lists by element, and keeps the largest segments", () => {
    const on = (event: AnalyticsEvent) => event.properties.value;
    assert.deepEqual(retentionBySegment(EVENTS, { ...QUERY, on })["2026-08-01"], {
      US: { counts: [1, 1, 1], first: 2 },
      DE: { counts: [1, 0, 1], first: 2 },
      undefined: { counts: [0, 0, 0], first: 2 },
    });
    assert.deepEqual(Object.keys(retentionBySegment(EVENTS, { ...QUERY, on, limit: 1 })["2026-08-01"]), ["US"]);
  });
});
