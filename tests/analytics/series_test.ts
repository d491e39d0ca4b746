import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { countEvents } from "../../src/analytics/count_events.ts";
import type { AnalyticsEvent, CountType } from "../../src/analytics/event.ts";
import { eventProperties } from "../../src/analytics/event_properties.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { arbitraryEvents, eventAt } from "./arbitrary_events.ts";

const BUCKETS = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-03", unit: "day" });
const WIDE = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-11", unit: "week", timeZone: "Europe/Berlin" });
const TYPES: CountType[] = ["general", "unique", "average"];

const EVENTS = [
  eventAt("2026-08-01T01:00:00Z", "Open", "ann", { country: "US", tags: ["a", "b", "a"] }),
  eventAt("2026-08-01T02:00:00Z", "Open", "ann", { country: "US", tags: [] }),
  eventAt("2026-08-01T03:00:00Z", "Open", "bob", { country: "DE" }),
  eventAt("2026-08-03T03:00:00Z", "Open", "bob", {}),
  eventAt("2026-08-03T03:00:00Z", "Buy", "bob", { country: "DE" }),
  eventAt("2026-07-31T23:59:59Z", "Open", "cat", { country: "FR" }),
];

/** Three numbers as the cells of the three days. */
const days = (first: number, second: number, third: number) => ({
  "2026-08-01": first,
  "2026-08-02": second,
  "2026-08-03": third,
});

/** What one cell must be, by filtering the events again for each cell. */
function cell(events: AnalyticsEvent[], type: CountType): number {
  if (type === "general") return events.length;
  const users = new Set(events.map((event) => event.distinctId)).size;
  return type === "unique" ? users : users && events.length / users;
}

/** The segments that a property puts an event in. */
function segments({ properties: { value } }: AnalyticsEvent): string[] {
  if (Array.isArray(value)) return value.length ? [...new Set(value)] : ["undefined"];
  return [String(value)];
}

describe("countEvents", () => {
  it("counts events, users, or events per user, with zeros for everything else", () => {
    const count = (type: CountType) => countEvents(EVENTS, { names: ["Open", "Never"], type, buckets: BUCKETS });
    assert.deepEqual(count("general"), {
      series: ["2026-08-01", "2026-08-02", "2026-08-03"],
      values: { Open: days(3, 0, 1), Never: days(0, 0, 0) },
    });
    assert.deepEqual(count("unique").values.Open, days(2, 0, 1));
    assert.deepEqual(count("average").values.Open, days(1.5, 0, 1));
  });

  it("counts only what the filter lets through", () => {
    const where = (event: AnalyticsEvent) => event.properties.country === "DE";
    const { values } = countEvents(EVENTS, { names: ["Open"], type: "general", buckets: BUCKETS, where });
    assert.deepEqual(values, { Open: days(1, 0, 0) });
  });

  it("is what filtering for each cell gives", () => {
    fc.assert(
      fc.property(arbitraryEvents, fc.constantFrom(...TYPES), (events, type) => {
        const { values } = countEvents(events, { names: ["View", "Buy"], type, buckets: WIDE });
        for (const name of ["View", "Buy"]) {
          for (const key of WIDE.keys) {
            const inCell = events.filter((each) => each.name === name && WIDE.bucketOf(each.timeMs) === key);
            assert.equal(values[name][key], cell(inCell, type));
          }
        }
      }),
    );
  });
});

describe("segmentation", () => {
  const base = { event: "Open", buckets: BUCKETS };

  it("has one segment, named like the event, when nothing splits it", () => {
    assert.deepEqual(segmentation(EVENTS, base).values, { Open: days(3, 0, 1) });
    assert.deepEqual(segmentation([], base).values, { Open: days(0, 0, 0) });
  });

  it("puts events without the value into the segment undefined", () => {
    const { values } = segmentation(EVENTS, { ...base, on: (event) => event.properties.country });
    assert.deepEqual(values, { US: days(2, 0, 0), DE: days(1, 0, 0), undefined: days(0, 0, 1) });
  });

  it("counts a list once for each distinct element, and an empty one as missing", () => {
    const { values } = segmentation(EVENTS, { ...base, on: (event) => event.properties.tags });
    assert.deepEqual(values, { a: days(1, 0, 0), b: days(1, 0, 0), undefined: days(2, 0, 1) });
  });

  it("keeps the largest segments, largest first, ties by name", () => {
    const on = (event: AnalyticsEvent) => event.properties.country;
    assert.deepEqual(Object.keys(segmentation(EVENTS, { ...base, on }).values), ["US", "DE", "undefined"]);
    assert.deepEqual(Object.keys(segmentation(EVENTS, { ...base, on, limit: 1 }).values), ["US"]);
    const unique = segmentation(EVENTS, { ...base, on, limit: 2, type: "unique" });
    assert.deepEqual(Object.keys(unique.values), ["DE", "US"]);
  });

  it("writes values of every type as their keys", () => {
    const values = [1, 2.5, true, null, 12345678901234567890n, { a: 1n }, "__proto__"];
    const events = values.map((value) => eventAt("2026-08-01T00:00:00Z", "Open", "ann", { value }));
    const { values: rows } = segmentation(events, { ...base, on: (event) => event.properties.value });
    assert.deepEqual(Object.keys(rows).sort(), [
      "1",
      "12345678901234567890",
      "2.5",
      "__proto__",
      "null",
      "true",
      '{"a":1}',
    ]);
    assert.deepEqual(Object.getOwnPropertyDescriptor(rows, "__proto__")?.value, days(1, 0, 0));
  });

  it("is what filtering for each cell gives", () => {
    const on = (event: AnalyticsEvent) => event.properties.value;
    fc.assert(
      fc.property(arbitraryEvents, fc.constantFrom(...TYPES), (events, type) => {
        const { values } = segmentation(events, { event: "View", buckets: WIDE, type, on, limit: 1000 });
        const relevant = events.filter((each) => each.name === "View" && WIDE.bucketOf(each.timeMs) !== undefined);
        const keys = [...new Set(relevant.flatMap(segments))];
        assert.deepEqual(Object.keys(values).sort(), keys.sort());
        for (const [segment, row] of Object.entries(values)) {
          for (const key of WIDE.keys) {
            const inCell = relevant.filter((each) =>
              WIDE.bucketOf(each.timeMs) === key && segments(each).includes(segment)
            );
            assert.equal(row[key], cell(inCell, type), `${segment} in ${key}`);
          }
        }
      }),
    );
  });
});

describe("eventProperties", () => {
  it("counts by value and leaves out events without the property", () => {
    const query = { event: "Open", property: "country", type: "general", buckets: BUCKETS } as const;
    assert.deepEqual(eventProperties(EVENTS, query).values, { US: days(2, 0, 0), DE: days(1, 0, 0) });
    assert.deepEqual(Object.keys(eventProperties(EVENTS, { ...query, limit: 1 }).values), ["US"]);
    assert.deepEqual(eventProperties(EVENTS, { ...query, values: ["DE", "JP"] }).values, {
      DE: days(1, 0, 0),
      JP: days(0, 0, 0),
    });
    assert.deepEqual(eventProperties(EVENTS, { ...query, property: "toString" }).values, {});
  });
});
