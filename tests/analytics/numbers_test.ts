import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { numericSegmentation } from "../../src/analytics/numeric_segmentation.ts";
import { segmentationAverage, segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { arbitraryEvents, eventAt } from "./arbitrary_events.ts";

const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day" });
const on = (event: AnalyticsEvent) => event.properties.amount;
const QUERY = { event: "Buy", buckets, on };

const purchases = (amounts: unknown[], day = "2026-08-01") =>
  amounts.map((amount, index) => eventAt(`${day}T10:00:00Z`, "Buy", index % 2 ? "ann" : "bob", { amount }));
const labels = (amounts: unknown[]) => Object.keys(numericSegmentation(purchases(amounts), QUERY).values);

describe("numericSegmentation", () => {
  it("counts in ranges of a round width, lowest first", () => {
    const events = [...purchases([2050, 2000, 2099.99, 2100, 2950]), ...purchases([2199, "2150"], "2026-08-02")];
    assert.deepEqual(numericSegmentation(events, QUERY), {
      series: ["2026-08-01", "2026-08-02"],
      values: {
        "2,000 - 2,100": { "2026-08-01": 3, "2026-08-02": 0 },
        "2,100 - 2,200": { "2026-08-01": 1, "2026-08-02": 1 },
        "2,900 - 3,000": { "2026-08-01": 1, "2026-08-02": 0 },
      },
    });
    const unique = numericSegmentation(events, { ...QUERY, type: "unique" });
    assert.equal(unique.values["2,000 - 2,100"]["2026-08-01"], 2);
  });

  it("copes with fractions, negative numbers, and numbers that are all the same", () => {
    assert.deepEqual(labels([0.1, 0.3, 0.7, 1]), ["0.1 - 0.2", "0.3 - 0.4", "0.7 - 0.8", "1 - 1.1"]);
    assert.deepEqual(labels([-15, 0, 5]), ["-16 - -14", "0 - 2", "4 - 6"]);
    assert.deepEqual(labels([7, 7]), ["7 - 8"]);
    // The largest number below 0.000003 divided by 0.000001 is 3.
    assert.equal(labels([0.0000029999999999999997, 0.0000095])[0], "0.000002 - 0.000003");
    assert.deepEqual(labels([]), []);
    assert.deepEqual(labels(["text", null, undefined, [1]]), []);
    assert.deepEqual(labels([10n ** 18n]), ["1,000,000,000,000,000,000 - 1,000,000,000,000,000,000"]);
  });

  it("puts every number into the one range that holds it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }).map((cents) => cents / 100)), (amounts) => {
        const { values } = numericSegmentation(purchases(amounts), QUERY);
        let total = 0;
        for (const [label, row] of Object.entries(values)) {
          const [from, to] = label.split(" - ").map(Number);
          const inside = amounts.filter((amount) => amount >= from && amount < to).length;
          assert.equal(row["2026-08-01"], inside, label);
          total += inside;
        }
        assert.equal(total, amounts.length);
        assert.ok(Object.keys(values).length <= 11);
      }),
    );
  });
});

describe("segmentationSum and segmentationAverage", () => {
  it("count what is no number as zero", () => {
    const events = purchases([1.5, 2, "3", undefined, null, 4n]);
    assert.deepEqual(segmentationSum(events, QUERY), { "2026-08-01": 7.5, "2026-08-02": 0 });
    assert.deepEqual(segmentationAverage(events, QUERY), { "2026-08-01": 1.25, "2026-08-02": 0 });
  });

  it("are what adding up each bucket gives", () => {
    const where = (event: AnalyticsEvent) => event.distinctId !== "cat";
    fc.assert(
      fc.property(arbitraryEvents, (events) => {
        const sums = segmentationSum(events, { ...QUERY, where });
        const means = segmentationAverage(events, { ...QUERY, where });
        for (const key of buckets.keys) {
          const inBucket = events.filter((each) =>
            each.name === "Buy" && where(each) && buckets.bucketOf(each.timeMs) === key
          );
          const numbers = inBucket.map(on).map((value) => typeof value === "number" ? value : 0);
          const sum = numbers.reduce((total, each) => total + each, 0);
          assert.equal(sums[key], sum);
          assert.equal(means[key], inBucket.length === 0 ? 0 : sum / inBucket.length);
        }
      }),
    );
  });
});
