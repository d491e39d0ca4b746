import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { retention, retentionBySegment, type RetentionQuery } from "../../src/analytics/retention.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowKeys, slowRetention } from "../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, DAY_MS, eventAt, EventLab, VALUES } from "./event_lab.ts";

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

const LAB = new EventLab(EVENTS);

describe("retention", () => {
  it("counts who comes back in each interval after the first time", () => {
    assert.deepEqual(retention(LAB.view, QUERY), {
      "2026-08-01": { counts: [1, 1, 1], first: 2 },
      "2026-08-02": { counts: [0, 0, 0], first: 1 },
    });
  });

  it("counts everybody who comes back later in the intervals before, when unbounded", () => {
    assert.deepEqual(retention(LAB.view, { ...QUERY, unbounded: true })["2026-08-01"], { counts: [2, 2, 1], first: 2 });
  });

  it("counts users in each period in which they do the event, when compounded", () => {
    assert.deepEqual(retention(LAB.view, { ...QUERY, kind: "compounded" }), {
      "2026-08-01": { counts: [1, 0, 0], first: 2 },
      "2026-08-02": { counts: [1, 0, 0], first: 1 },
    });
  });

  it("takes any event for coming back when none is named, but not the first one itself", () => {
    const events = [eventAt("2026-08-01T10:00:00Z", "Open", "ann"), eventAt("2026-08-01T10:00:00Z", "Open", "bob")];
    const query = { ...QUERY, event: undefined };
    assert.deepEqual(retention(new EventLab(events).view, query)["2026-08-01"], { counts: [0, 0, 0], first: 2 });
    const more = [...events, eventAt("2026-08-01T10:00:00Z", "Other", "bob")];
    assert.deepEqual(retention(new EventLab(more).view, query)["2026-08-01"], { counts: [1, 0, 0], first: 2 });
  });

  it("applies the filters of beginning and of coming back", () => {
    const bornWhere = LAB.where(`event["distinct_id"] != "bob"`);
    const where = LAB.where(`properties["value"] == "DE"`);
    const expected = { counts: [1, 0, 0], first: 1 };
    assert.deepEqual(retention(LAB.view, { ...QUERY, bornWhere, where })["2026-08-01"], expected);
  });

  it("gives a row of zeros for each period without users", () => {
    assert.deepEqual(retention(new EventLab([]).view, QUERY)["2026-08-02"], { counts: [0, 0, 0], first: 0 });
  });

  it("is what its definition says, in any order of arrival", () => {
    fc.assert(
      fc.property(arbitraryHistory, queries, (history, query) => {
        const { fast, slow, lab } = both(new EventLab(history), query);
        assert.deepEqual(retention(lab.view, fast), slowRetention(lab.events, slow));
      }),
      { numRuns: 500 },
    );
  });
});

const condition = fc.constantFrom(...CONDITIONS);
const queries = fc.record({
  kind: fc.constantFrom("birth" as const, "compounded" as const),
  bornEvent: fc.constantFrom("Open", "View", undefined),
  bornWhere: condition,
  event: fc.constantFrom("View", "Buy", undefined),
  where: condition,
  unbounded: fc.boolean(),
  intervalCount: fc.nat(4),
  intervalMs: fc.constantFrom(DAY_MS, 2 * DAY_MS, DAY_MS / 2, 1500),
  buckets: fc.constantFrom(
    timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-09", unit: "day", interval: 2 }),
    timeBuckets({ fromDay: "2026-03-01", toDay: "2026-10-31", unit: "week", timeZone: "Europe/Berlin" }),
  ),
});

/** The same question for both computations. */
function both(lab: EventLab, query: typeof queries extends fc.Arbitrary<infer Q> ? Q : never) {
  const { bornWhere, where, bornEvent, event, ...rest } = query;
  const fast: RetentionQuery = { ...query, bornWhere: lab.where(bornWhere), where: lab.where(where) };
  const test = (name: string | undefined, text: string) => {
    const passes = EventLab.slowWhere(text);
    return (one: AnalyticsEvent) => (name === undefined || one.name === name) && passes(one);
  };
  const isReturn = test(event, where);
  const isBirth = query.kind === "compounded" ? isReturn : test(bornEvent, bornWhere);
  return { fast, slow: { ...rest, isBirth, isReturn }, lab };
}

describe("retentionBySegment", () => {
  it("splits the returns, lists by element, and keeps the largest segments", () => {
    const on = LAB.on(`properties["value"]`);
    assert.deepEqual(retentionBySegment(LAB.view, { ...QUERY, on })["2026-08-01"], {
      US: { counts: [1, 1, 1], first: 2 },
      DE: { counts: [1, 0, 1], first: 2 },
    });
    assert.deepEqual(Object.keys(retentionBySegment(LAB.view, { ...QUERY, on, limit: 1 })["2026-08-01"]), ["US"]);
  });

  it("is what its definition says for the returns of each segment", () => {
    fc.assert(
      fc.property(arbitraryHistory, queries, fc.constantFrom(...VALUES), (history, query, value) => {
        const { fast, slow, lab } = both(new EventLab(history), query);
        const slowOn = EventLab.slowOn(value);
        const found = retentionBySegment(lab.view, { ...fast, on: lab.on(value), limit: 1000 });
        const segments = new Set(lab.events.flatMap((event) => slowKeys(slowOn(event))));
        const isSeen = (rows: Record<string, { counts: number[] }>) =>
          Object.values(rows).some(({ counts }) => counts.some((count) => count > 0));
        for (const segment of segments) {
          const isReturn = (event: AnalyticsEvent) => slow.isReturn(event) && slowKeys(slowOn(event)).includes(segment);
          const rows = slowRetention(lab.events, { ...slow, isReturn });
          const here = Object.entries(found).filter(([, bySegment]) => Object.hasOwn(bySegment, segment));
          const shown = Object.fromEntries(here.map(([key, bySegment]) => [key, bySegment[segment]]));
          assert.deepEqual(shown, isSeen(rows) ? rows : {});
        }
      }),
      { numRuns: 300 },
    );
  });
});
