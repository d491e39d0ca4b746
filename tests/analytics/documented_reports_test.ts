/** The examples of Mixpanel's pages on retention, frequency, segmentation and events, with the numbers given there. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { frequency } from "../../src/analytics/frequency.ts";
import { numericSegmentation } from "../../src/analytics/numeric_segmentation.ts";
import { retention, type RetentionQuery } from "../../src/analytics/retention.ts";
import { averageRetention, completeIntervals } from "../../src/analytics/retention_average.ts";
import { segmentation } from "../../src/analytics/segmentation.ts";
import { segmentationAverage, segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { DAY_MS, eventAt, EventLab, HOUR_MS } from "./event_lab.ts";

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

describe("the documented example of retention", () => {
  const BORN = "event integration";
  const RETURN = "viewed report";

  /** People who begin on a day; in the n-th interval after it, as many of them as said come back, the last ones first. */
  function cohort(day: string, first: number, counts: number[]): AnalyticsEvent[] {
    return range(first).flatMap((person) => {
      const id = `${day}-${person}`;
      const birthMs = Date.parse(`${day}T12:00:00Z`) + person * 60_000;
      const returns = counts.flatMap((count, interval) =>
        (interval % 2 === 0 ? person < count : person >= first - count)
          ? [{ name: RETURN, timeMs: birthMs + interval * DAY_MS + HOUR_MS, distinctId: id, properties: {} }]
          : []
      );
      return [{ name: BORN, timeMs: birthMs, distinctId: id, properties: {} }, ...returns];
    });
  }

  const { view } = new EventLab([
    ...cohort("2012-01-01", 2, [2, 1, 2]),
    ...cohort("2012-01-02", 10, [9, 7, 6]),
    ...cohort("2012-01-03", 10, [9, 6, 4]),
  ]);
  const query: RetentionQuery = {
    kind: "birth",
    bornEvent: BORN,
    event: RETURN,
    buckets: timeBuckets({ fromDay: "2012-01-01", toDay: "2012-01-03", unit: "day" }),
    intervalMs: DAY_MS,
    intervalCount: 2,
  };

  it("those of an interval are some of the first, and not of those of the interval before", () => {
    assert.deepEqual(retention(view, query), {
      "2012-01-01": { counts: [2, 1, 2], first: 2 },
      "2012-01-02": { counts: [9, 7, 6], first: 10 },
      "2012-01-03": { counts: [9, 6, 4], first: 10 },
    });
  });

  it("compounded, first is how many did the event on that day", () => {
    // On 2012-01-02: 9 of its own cohort, and 1 of the day before, a day after they began.
    assert.equal(retention(view, { ...query, kind: "compounded" })["2012-01-02"]!.first, 10);
  });

  it("unbounded, day N has those who come back on day N or any day after", () => {
    assert.deepEqual(retention(view, { ...query, unbounded: true })["2012-01-01"], { counts: [2, 2, 2], first: 2 });
  });
});

describe("the documented example of the average of retention", () => {
  const rows = [{ first: 1000, counts: [500] }, { first: 500, counts: [400] }, { first: 700, counts: [10] }];

  it("weights the periods that are complete by the people who enter", () => {
    const average = averageRetention(rows, (period) => period < 2);
    assert.equal(average.first.toFixed(2), "833.33");
    assert.equal(average.counts[0]!.toFixed(2), "466.67");
    assert.equal(average.rates[0]!.toFixed(2), "0.56");
  });

  it("a period is complete when its last people have had their interval", () => {
    const buckets = timeBuckets({ fromDay: "2026-03-01", toDay: "2026-03-03", unit: "day" });
    const isComplete = completeIntervals(buckets, {
      nowMs: Date.parse("2026-03-05T00:00:00Z"),
      intervalMs: DAY_MS,
      timeZone: "UTC",
    });
    assert.deepEqual(range(3).map((period) => range(3).map((interval) => isComplete(period, interval))), [
      [true, true, true],
      [true, true, false],
      [true, false, false],
    ]);
  });
});

describe("rolling intervals", () => {
  const EXAMPLES = [
    {
      what: "8 pm on Monday and 6 am on Tuesday is not day 1",
      times: ["2026-08-03T20:00", "2026-08-04T06:00"],
      days: 1,
    },
    { what: "Friday and Monday is not week 1", times: ["2026-08-07T12:00", "2026-08-10T12:00"], days: 7 },
    { what: "25 February and 3 March is not month 1", times: ["2026-02-25T12:00", "2026-03-03T12:00"], days: 30 },
  ];
  const LATER = [
    { what: "day 1 is 24 to 48 hours after", times: ["2026-08-03T20:00", "2026-08-04T20:00"], days: 1 },
    { what: "week 1 is 7 to 14 days after", times: ["2026-08-07T12:00", "2026-08-14T12:00"], days: 7 },
    { what: "month 1 is 30 to 60 days after", times: ["2026-02-25T12:00", "2026-03-27T12:00"], days: 30 },
  ];
  for (const [examples, counts] of [[EXAMPLES, [1, 0]], [LATER, [0, 1]]] as const) {
    for (const { what, times, days } of examples) {
      it(what, () => {
        const { view } = new EventLab(times.map((time) => eventAt(`${time}:00Z`, "Open")));
        const buckets = timeBuckets({ fromDay: times[0]!.slice(0, 10), toDay: times[0]!.slice(0, 10), unit: "day" });
        const query = { kind: "birth" as const, bornEvent: "Open", event: "Open", buckets, intervalCount: 1 };
        const [row] = Object.values(retention(view, { ...query, intervalMs: days * DAY_MS }));
        assert.deepEqual(row, { counts, first: 1 });
      });
    }
  }

  it("a customer who purchases each week is in every week's bucket, once", () => {
    const times = ["2026-08-03", "2026-08-05", "2026-08-10", "2026-08-17"];
    const { view } = new EventLab(times.map((day) => eventAt(`${day}T12:00:00Z`, "Item Purchased")));
    const buckets = timeBuckets({ fromDay: "2026-08-03", toDay: "2026-08-23", unit: "week" });
    const rows = retention(view, {
      kind: "compounded",
      event: "Item Purchased",
      buckets,
      intervalMs: 1,
      intervalCount: 0,
    });
    assert.deepEqual(Object.values(rows).map(({ first }) => first), [1, 1, 1]);
  });
});

describe("the documented example of frequency", () => {
  const HOURS: Record<string, number[]> = {
    "2012-01-01": [305, 107, 60, 41, 32, 20, 12, 7, 4, 3, 3, 3, 2, 2, 2, 1, 1, 1, 1, 1, 1, 1, 1, 1],
    "2012-01-02": [495, 204, 117, 77, 53, 36, 26, 20, 12, 7, 4, 3, 3, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0],
    "2012-01-03": [671, 324, 176, 122, 81, 63, 48, 31, 21, 14, 9, 5, 3, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0],
  };

  it("the n-th number is how many did the event during at least n hours", () => {
    // Of 495 people, 204 have a second hour, 117 of them a third one, and so on.
    const events = Object.entries(HOURS).flatMap(([day, counts]) =>
      counts.flatMap((count, hour) =>
        range(count).map((person) => ({
          name: "Viewed report",
          timeMs: Date.parse(`${day}T00:10:00Z`) + hour * HOUR_MS,
          distinctId: `user-${person}`,
          properties: {},
        }))
      )
    );
    const query = { fromDay: "2012-01-01", toDay: "2012-01-03", unit: "day", partUnit: "hour" } as const;
    assert.deepEqual(frequency(new EventLab(events).view, { ...query, event: "Viewed report" }), HOURS);
  });
});

describe("the documented examples of segmentation", () => {
  const buckets = timeBuckets({ fromDay: "2011-08-06", toDay: "2011-08-09", unit: "day" });
  const many = (day: string, count: number, properties: (index: number) => Record<string, unknown> = () => ({})) =>
    range(count).map((index) => ({
      name: "Signed up",
      timeMs: Date.parse(`${day}T00:00:00Z`) + index * 1000,
      distinctId: `user-${index}`,
      properties: properties(index),
    }));

  it("Signed up, day by day", () => {
    const days = { "2011-08-06": 147, "2011-08-07": 146, "2011-08-08": 776, "2011-08-09": 1376 };
    const { view } = new EventLab(Object.entries(days).flatMap(([day, count]) => many(day, count)));
    assert.deepEqual(segmentation(view, { event: "Signed up", buckets }).values, { "Signed up": days });
  });

  it("general counts repeats, unique does not, and average is how often each person did it", () => {
    const { view } = new EventLab([...many("2011-08-06", 3), ...many("2011-08-06", 1), ...many("2011-08-07", 2)]);
    const count = (type: "general" | "unique" | "average") =>
      segmentation(view, { event: "Signed up", buckets, type }).values["Signed up"];
    const days = (first: number, second: number) => ({
      "2011-08-06": first,
      "2011-08-07": second,
      "2011-08-08": 0,
      "2011-08-09": 0,
    });
    assert.deepEqual(count("general"), days(4, 2));
    assert.deepEqual(count("unique"), days(3, 2));
    assert.deepEqual(count("average"), days(4 / 3, 1));
  });

  it("numeric: in buckets such as 2,000 - 2,100", () => {
    const counts: Record<string, number[]> = {
      "2,000 - 2,100": [1, 5, 4, 15],
      "2,100 - 2,200": [0, 2, 7, 15],
      "2,200 - 2,300": [1, 0, 6, 5],
      "2,300 - 2,400": [4, 0, 1, 12],
      "2,400 - 2,500": [0, 0, 2, 5],
    };
    const events = Object.entries(counts).flatMap(([label, row], bucket) =>
      row.flatMap((count, day) => {
        const least = Number(label.slice(0, 5).replace(",", ""));
        // From the lowest to the highest number there are almost 500, as in the sample.
        return many(buckets.keys[day]!, count, (index) => ({ amount: least + (bucket === 4 ? 99 : index) }));
      })
    );
    const lab = new EventLab(events);
    const { values } = numericSegmentation(lab.view, {
      event: "Signed up",
      buckets,
      on: lab.on(`properties["amount"]`),
    });
    assert.deepEqual(
      values,
      Object.fromEntries(
        Object.entries(counts).map(([label, row]) => [
          label,
          Object.fromEntries(buckets.keys.map((key, day) => [key, row[day]])),
        ]),
      ),
    );
  });

  it("sum and average: an expression that is not numeric is 0.0", () => {
    // 147 / 17 is the mean of the published sample's first day, 594 / 128 that of its second one.
    const lab = new EventLab([
      ...many("2011-08-06", 16, () => ({ amount: 9 })),
      ...many("2011-08-06", 1, () => ({ amount: 3 })),
      ...many("2011-08-07", 127, (index) => ({ amount: index === 0 ? 90 : 4 })),
      ...many("2011-08-07", 1, () => ({ amount: "much" })),
    ]);
    const query = { event: "Signed up", buckets, on: lab.on(`properties["amount"]`) };
    const sums = { "2011-08-06": 147, "2011-08-07": 594, "2011-08-08": 0, "2011-08-09": 0 };
    assert.deepEqual(segmentationSum(lab.view, query), sums);
    const means = segmentationAverage(lab.view, query);
    assert.equal(means["2011-08-06"]!.toFixed(14), "8.64705882352941");
    assert.equal(means["2011-08-07"], 4.640625);
  });
});
