import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { numericSegmentation } from "../../src/analytics/numeric_segmentation.ts";
import { segmentationAverage, segmentationSum } from "../../src/analytics/segmentation_sum.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { slowSeries, slowSums } from "../helpers/slow_reports.ts";
import { arbitraryHistory, CONDITIONS, eventAt, EventLab, VALUES } from "./event_lab.ts";

const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-02", unit: "day" });
const queryOf = (lab: EventLab) => ({ event: "Buy", buckets, on: lab.on(`properties["amount"]`) });

const purchases = (amounts: unknown[], day = "2026-08-01") =>
  amounts.map((amount, index) => eventAt(`${day}T10:00:00Z`, "Buy", index % 2 ? "ann" : "bob", { amount }));
const numeric = (events: ReturnType<typeof purchases>, type?: "unique") => {
  const lab = new EventLab(events);
  return numericSegmentation(lab.view, { ...queryOf(lab), type });
};
const labels = (amounts: unknown[]) => Object.keys(numeric(purchases(amounts)).values);

describe("numericSegmentation", () => {
  it("counts in ranges of a round width, lowest first", () => {
    const events = [...purchases([2050, 2000, 2099.99, 2100, 2450]), ...purchases([2199, "2150"], "2026-08-02")];
    assert.deepEqual(numeric(events), {
      series: ["2026-08-01", "2026-08-02"],
      values: {
        "2,000 - 2,100": { "2026-08-01": 3, "2026-08-02": 0 },
        "2,100 - 2,200": { "2026-08-01": 1, "2026-08-02": 1 },
        "2,400 - 2,500": { "2026-08-01": 1, "2026-08-02": 0 },
      },
    });
    const unique = numeric(events, "unique");
    assert.equal(unique.values["2,000 - 2,100"]["2026-08-01"], 2);
  });

  it("has no line for numbers of other events", () => {
    const events = [...purchases([7, 9]), eventAt("2026-08-01T10:00:00Z", "View", "ann", { amount: 700 })];
    assert.deepEqual(Object.keys(numeric(events).values), Object.keys(numeric(purchases([7, 9])).values));
  });

  it("copes with fractions, negative numbers, and numbers that are all the same", () => {
    assert.deepEqual(labels([0.1, 0.3, 0.7, 1]), ["0 - 0.2", "0.2 - 0.4", "0.6 - 0.8", "1 - 1.2"]);
    assert.deepEqual(labels([-15, 0, 5]), ["-15 - -10", "0 - 5", "5 - 10"]);
    assert.deepEqual(labels([7, 7]), ["7 - 8"]);
    // The largest number below 0.000003 divided by 0.000001 is 3.
    assert.equal(labels([0.0000029999999999999997, 0.0000075])[0], "0.000002 - 0.000003");
    assert.deepEqual(labels([]), []);
    assert.deepEqual(labels(["text", null, undefined, [1]]), []);
    assert.deepEqual(labels([10n ** 18n]), ["1,000,000,000,000,000,000 - 1,000,000,000,000,000,000"]);
  });

  it("puts every number into the one range that holds it", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }).map((cents) => cents / 100)), (amounts) => {
        const { values } = numeric(purchases(amounts));
        let total = 0;
        for (const [label, row] of Object.entries(values)) {
          const [from, to] = label.split(" - ").map(Number);
          const inside = amounts.filter((amount) => amount >= from && amount < to).length;
          assert.equal(row["2026-08-01"], inside, label);
          total += inside;
        }
        assert.equal(total, amounts.length);
        assert.ok(Object.keys(values).length <= 6);
      }),
    );
  });

  it("counts each number in its range as filtering does, whatever else there is", () => {
    fc.assert(
      fc.property(arbitraryHistory, fc.constantFrom("general", "unique", "average"), (history, type) => {
        const lab = new EventLab(history);
        const query = { ...queryOf(lab), buckets: WIDE };
        const { values } = numericSegmentation(lab.view, { ...query, type });
        const ranges = Object.keys(values).map((label) => {
          const [from, to] = label.replaceAll(",", "").split(" - ").map(Number);
          return { label, from: from!, to: to! };
        });
        const slow = lab.events.filter(({ name }) => name === "Buy");
        const keysOf = ({ properties: { amount } }: { properties: Record<string, unknown> }) =>
          ranges.filter(({ from, to }) => isNumber(amount) && Number(amount) >= from && Number(amount) < to)
            .map(({ label }) => label);
        // Ranges of numbers so large that they have no digits for a range are left to the tests above.
        fc.pre(slow.every(({ properties: { amount } }) => !isNumber(amount) || Math.abs(Number(amount)) < 1e9));
        const keys = Object.keys(values);
        assert.deepEqual(values, slowSeries(slow, keysOf, { type, buckets: WIDE, keys }));
        assert.ok(slow.every((one) => !isNumber(one.properties.amount) || !inRange(one) || keysOf(one).length === 1));
      }),
      { numRuns: 200 },
    );
  });
});

const WIDE = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-11", unit: "week" });
const isNumber = (value: unknown) => typeof value === "number" || typeof value === "bigint";
const inRange = ({ timeMs }: { timeMs: number }) => WIDE.bucketOf(timeMs) !== undefined;

describe("segmentationSum and segmentationAverage", () => {
  it("count what is no number as zero", () => {
    const lab = new EventLab(purchases([1.5, 2, "3", undefined, null, 4n]));
    assert.deepEqual(segmentationSum(lab.view, queryOf(lab)), { "2026-08-01": 7.5, "2026-08-02": 0 });
    assert.deepEqual(segmentationAverage(lab.view, queryOf(lab)), { "2026-08-01": 1.25, "2026-08-02": 0 });
  });

  it("are what adding up each bucket gives", () => {
    fc.assert(
      fc.property(
        arbitraryHistory,
        fc.constantFrom(...CONDITIONS),
        fc.constantFrom(...VALUES),
        (history, where, on) => {
          const lab = new EventLab(history);
          const query = { event: "Buy", buckets: WIDE, where: lab.where(where), on: lab.on(on) };
          const slow = lab.events.filter(({ name }) => name === "Buy").filter(EventLab.slowWhere(where));
          const sums = segmentationSum(lab.view, query);
          const means = segmentationAverage(lab.view, query);
          for (const { key, sum, count } of slowSums(slow, EventLab.slowOn(on), WIDE)) {
            // Numbers are added in another order.
            const near = (value: number, to: number) => Math.abs(value - to) <= 1e-12 * Math.abs(to);
            assert.ok(near(sums[key]!, sum), `${sums[key]} and not ${sum}`);
            assert.ok(near(means[key]!, count === 0 ? 0 : sum / count));
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
