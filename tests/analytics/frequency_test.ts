import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { frequency, frequencyBySegment, type FrequencyQuery } from "../../src/analytics/frequency.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowFrequency, slowKeys } from "../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, eventAt, EventLab, VALUES } from "./event_lab.ts";

const QUERY: FrequencyQuery = { fromDay: "2026-08-03", toDay: "2026-08-12", unit: "week", partUnit: "day" };

const EVENTS = [
  eventAt("2026-08-03T01:00:00Z", "Open", "ann", { value: "US" }),
  eventAt("2026-08-03T23:00:00Z", "View", "ann"),
  eventAt("2026-08-05T01:00:00Z", "Open", "ann", { value: "DE" }),
  eventAt("2026-08-09T23:59:59Z", "Open", "bob", { value: "US" }),
  eventAt("2026-08-10T00:00:00Z", "Open", "bob", { value: "US" }),
];

const LAB = new EventLab(EVENTS);

describe("frequency", () => {
  it("says how many users are active on at least so many days", () => {
    assert.deepEqual(frequency(LAB.view, QUERY), {
      "2026-08-03": [2, 1, 0, 0, 0, 0, 0],
      "2026-08-10": [1, 0, 0, 0, 0, 0, 0],
    });
  });

  it("has a number for each part of a whole period", () => {
    const length = (unit: FrequencyQuery["unit"], partUnit: FrequencyQuery["partUnit"]) =>
      Object.values(frequency(LAB.view, { ...QUERY, unit, partUnit })).map((row) => row.length)[0];
    assert.deepEqual([length("day", "hour"), length("week", "hour"), length("month", "day")], [24, 168, 31]);
    const february = { ...QUERY, fromDay: "2026-02-10", toDay: "2026-02-11", unit: "month" as const };
    assert.equal(frequency(new EventLab([]).view, february)["2026-02-01"].length, 28);
  });

  it("fits a day of 25 hours into 24", () => {
    const range = { fromDay: "2026-10-25", toDay: "2026-10-25", timeZone: "Europe/Berlin" };
    const hours = Array.from({ length: 25 }, (_, hour) => Date.UTC(2026, 9, 24, 22 + hour));
    const events = hours.map((timeMs) => ({ ...eventAt("2026-10-25T00:00:00Z"), timeMs }));
    const [row] = Object.values(frequency(new EventLab(events).view, { ...range, unit: "day", partUnit: "hour" }));
    assert.deepEqual(row, new Array(24).fill(1));
  });

  it("is what counting each user's parts of each period gives", () => {
    fc.assert(
      fc.property(arbitraryHistory, queries, fc.constantFrom(...CONDITIONS), (history, query, where) => {
        const lab = new EventLab(history);
        const found = frequency(lab.view, { ...query, where: lab.where(where) });
        const slow = lab.events.filter(({ name }) => query.event === undefined || name === query.event);
        assert.deepEqual(found, slowly(slow.filter(EventLab.slowWhere(where)), query));
      }),
      { numRuns: 300 },
    );
  });
});

const queries = fc.constantFrom<FrequencyQuery>(
  { ...QUERY, fromDay: "2026-08-01", event: "View" },
  { ...QUERY, fromDay: "2026-08-01", unit: "day", partUnit: "hour" },
  { fromDay: "2026-10-24", toDay: "2026-10-26", unit: "day", partUnit: "hour", timeZone: "Europe/Berlin" },
  { fromDay: "2026-03-20", toDay: "2026-04-20", unit: "month", partUnit: "hour", timeZone: "Europe/Berlin" },
);

function slowly(events: Parameters<typeof slowFrequency>[0], query: FrequencyQuery) {
  const periods = timeBuckets(query);
  const days = { day: () => 1, week: () => 7, month: (key: string) => Temporal.PlainDate.from(key).daysInMonth };
  const lengths = periods.keys.map((key) => days[query.unit](key) * (query.partUnit === "hour" ? 24 : 1));
  return slowFrequency(events, periods, timeBuckets({ ...query, unit: query.partUnit }), lengths);
}

describe("frequencyBySegment", () => {
  it("looks at each segment's own events", () => {
    const on = LAB.on(`properties["value"]`);
    const report = frequencyBySegment(LAB.view, { ...QUERY, on, limit: 2 });
    assert.deepEqual(report["2026-08-03"], { US: [2, 0, 0, 0, 0, 0, 0], DE: [1, 0, 0, 0, 0, 0, 0] });
    assert.deepEqual(report["2026-08-10"], { US: [1, 0, 0, 0, 0, 0, 0], DE: [0, 0, 0, 0, 0, 0, 0] });
  });

  it("is what counting in each segment gives", () => {
    fc.assert(
      fc.property(arbitraryHistory, queries, fc.constantFrom(...VALUES), (history, query, value) => {
        const lab = new EventLab(history);
        const slowOn = EventLab.slowOn(value);
        const found = frequencyBySegment(lab.view, { ...query, on: lab.on(value), limit: 1000 });
        for (const segment of new Set(Object.values(found).flatMap((rows) => Object.keys(rows)))) {
          const slow = lab.events.filter((event) =>
            (query.event === undefined || event.name === query.event) && slowKeys(slowOn(event)).includes(segment)
          );
          const here = Object.fromEntries(Object.entries(found).map(([key, rows]) => [key, rows[segment]]));
          assert.deepEqual(here, slowly(slow, query));
        }
      }),
      { numRuns: 200 },
    );
  });
});
