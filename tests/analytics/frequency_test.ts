import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { frequency, frequencyBySegment, type FrequencyQuery } from "../../src/analytics/frequency.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { arbitraryEvents, eventAt } from "./arbitrary_events.ts";

const QUERY: FrequencyQuery = { fromDay: "2026-08-03", toDay: "2026-08-12", unit: "week", partUnit: "day" };

const EVENTS = [
  eventAt("2026-08-03T01:00:00Z", "Open", "ann", { value: "US" }),
  eventAt("2026-08-03T23:00:00Z", "View", "ann"),
  eventAt("2026-08-05T01:00:00Z", "Open", "ann", { value: "DE" }),
  eventAt("2026-08-09T23:59:59Z", "Open", "bob", { value: "US" }),
  eventAt("2026-08-10T00:00:00Z", "Open", "bob", { value: "US" }),
];

describe("frequency", () => {
  it("says how many users are active on at least so many days", () => {
    assert.deepEqual(frequency(EVENTS, QUERY), {
      "2026-08-03": [2, 1, 0, 0, 0, 0, 0],
      "2026-08-10": [1, 0, 0, 0, 0, 0, 0],
    });
  });

  it("has a number for each part of a whole period", () => {
    const length = (unit: FrequencyQuery["unit"], partUnit: FrequencyQuery["partUnit"]) =>
      Object.values(frequency(EVENTS, { ...QUERY, unit, partUnit })).map((row) => row.length)[0];
    assert.deepEqual([length("day", "hour"), length("week", "hour"), length("month", "day")], [24, 168, 31]);
    const february = { ...QUERY, fromDay: "2026-02-10", toDay: "2026-02-11", unit: "month" as const };
    assert.equal(frequency([], february)["2026-02-01"].length, 28);
  });

  it("fits a day of 25 hours into 24", () => {
    const range = { fromDay: "2026-10-25", toDay: "2026-10-25", timeZone: "Europe/Berlin" };
    const hours = Array.from({ length: 25 }, (_, hour) => Date.UTC(2026, 9, 24, 22 + hour));
    const events = hours.map((timeMs) => ({ ...eventAt("2026-10-25T00:00:00Z"), timeMs }));
    const [row] = Object.values(frequency(events, { ...range, unit: "day", partUnit: "hour" }));
    assert.deepEqual(row, new Array(24).fill(1));
  });

  it("is what counting each user's days gives", () => {
    const where = (event: AnalyticsEvent) => event.properties.value !== "US";
    fc.assert(
      fc.property(arbitraryEvents, fc.constantFrom("View", undefined), (events, name) => {
        const query = { ...QUERY, fromDay: "2026-08-01", event: name, where };
        const periods = timeBuckets(query);
        const days = timeBuckets({ ...query, unit: "day" });
        const relevant = events.filter((each) => (name === undefined || each.name === name) && where(each));
        for (const [key, row] of Object.entries(frequency(events, query))) {
          const inPeriod = relevant.filter((each) => periods.bucketOf(each.timeMs) === key);
          const activeDays = ["ann", "bob", "cat"].map((user) =>
            new Set(inPeriod.filter((each) => each.distinctId === user).map((each) => days.bucketOf(each.timeMs))).size
          );
          assert.deepEqual(row, row.map((_, index) => activeDays.filter((size) => size > index).length));
        }
      }),
    );
  });
});

describe("frequencyBySegment", () => {
  it("looks at each segment's own events", () => {
    const on = (event: AnalyticsEvent) => event.properties.value;
    const report = frequencyBySegment(EVENTS, { ...QUERY, on, limit: 2 });
    assert.deepEqual(report["2026-08-03"], { US: [2, 0, 0, 0, 0, 0, 0], DE: [1, 0, 0, 0, 0, 0, 0] });
    assert.deepEqual(report["2026-08-10"], { US: [1, 0, 0, 0, 0, 0, 0], DE: [0, 0, 0, 0, 0, 0, 0] });
  });
});
