import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import fc from "fast-check";
import { labelTicks, valueScale } from "../../src/output/axis.ts";

const days = (count: number, from = "2026-08-01") =>
  Array.from(
    { length: count },
    (_, index) => new Date(Date.parse(from) + index * 86_400_000).toISOString().slice(0, 10),
  );

describe("valueScale", () => {
  it("ends for values that are all but equal, however large", () => {
    const { low, high } = valueScale([9.999999999999991e298, 9.99999999999999e298], 3);
    assert.ok(low! <= 9.99e298 && high! >= 9.99e298);
  });

  it("starts at zero and ends at a round number above the values", () => {
    assert.deepEqual(valueScale([20, 637], 4).ticks, [0, 250, 500, 750]);
    assert.deepEqual(valueScale([0.1, 0.45], 4).ticks, [0, 0.2, 0.4, 0.6]);
  });

  it("has no fractions between whole numbers", () => {
    assert.deepEqual(valueScale([0, 1, 2], 4).ticks, [0, 1, 2]);
    assert.deepEqual(valueScale([0, 0], 4).ticks, [0, 1]);
    assert.deepEqual(valueScale([7], 4).ticks, [0, 5, 10]);
  });

  it("spans zero when values lie on both sides, and ends there when all are negative", () => {
    assert.deepEqual(valueScale([-99, 99], 4).ticks, [-100, 0, 100]);
    assert.deepEqual(valueScale([-5, -80], 4).ticks, [-100, -50, 0]);
  });

  it("leaves zero out when the values lie close together far from it", () => {
    assert.deepEqual(valueScale([10_000, 10_019], 4).ticks, [10_000, 10_010, 10_020]);
  });

  it("ends with numbers at the limits of what a number holds", () => {
    for (const values of [[Number.MAX_VALUE, -Number.MAX_VALUE], [Number.MIN_VALUE, 0], [5e-320], [1e-300, 2e-300]]) {
      const { ticks } = valueScale(values, 4);
      assert.ok(ticks.length >= 2 && ticks.every(Number.isFinite), String(ticks));
    }
  });

  it("covers any values with two to maxTicks ticks in rising order", () => {
    const value = fc.double({ min: -1e299, max: 1e299, noNaN: true });
    fc.assert(fc.property(fc.array(value, { minLength: 1 }), fc.integer({ min: 3, max: 8 }), (values, maxTicks) => {
      const { low, high, ticks } = valueScale(values, maxTicks);
      assert.ok(ticks.length >= 2 && ticks.length <= maxTicks);
      assert.ok(ticks.every((tick, index) => index === 0 || tick > ticks[index - 1]));
      // Rounding to the step may take the last bit of the ends.
      const slack = (high - low) * 1e-9;
      assert.ok(values.every((one) => one >= low - slack && one <= high + slack));
    }));
  });
});

describe("labelTicks", () => {
  it("shows dates at steps of days or weeks", () => {
    assert.deepEqual(labelTicks(days(5), 76).map((tick) => tick.text), ["Aug 1", "Aug 2", "Aug 3", "Aug 4", "Aug 5"]);
    assert.deepEqual(labelTicks(days(30), 76).map((tick) => tick.index), [0, 7, 14, 21, 28]);
  });

  it("names the year when there are several", () => {
    assert.deepEqual(labelTicks(days(2, "2025-12-31"), 76).map((tick) => tick.text), ["2025-12-31", "2026-01-01"]);
  });

  it("names months when every date is a first", () => {
    assert.deepEqual(labelTicks(["2026-01-01", "2026-02-01"], 40).map((tick) => tick.text), ["Jan", "Feb"]);
    assert.deepEqual(labelTicks(["2025-12-01", "2026-01-01"], 40).map((tick) => tick.text), ["Dec 2025", "Jan 2026"]);
  });

  it("shows times within a day, and the day with them over several", () => {
    const hours = ["2026-08-01 13:00:00", "2026-08-01 14:00:00"];
    assert.deepEqual(labelTicks(hours, 40).map((tick) => tick.text), ["13:00", "14:00"]);
    assert.deepEqual(
      labelTicks(["2026-08-01T23:00:00", "2026-08-02T00:00:00"], 60).map((tick) => tick.text),
      ["Aug 1 23:00", "Aug 2 00:00"],
    );
  });

  it("takes midnights with a time zone as days", () => {
    const midnights = ["2026-07-26T00:00:00-07:00", "2026-07-27T00:00:00-07:00"];
    assert.deepEqual(labelTicks(midnights, 40).map((tick) => tick.text), ["Jul 26", "Jul 27"]);
  });

  it("takes other labels as they are, shortened", () => {
    assert.deepEqual(labelTicks(["$overall", "a very long label indeed"], 60).map((tick) => tick.text), [
      "$overall",
      "a very long labe",
    ]);
  });

  it("always leaves room between labels", () => {
    for (let count = 1; count < 400; count += 13) {
      for (const width of [10, 40, 80, 200]) {
        const ticks = labelTicks(days(count, "2026-01-01"), width);
        assert.ok(ticks.length === 1 || ticks.length * 9 <= width + 9, `${ticks.length} labels in ${width}`);
      }
    }
  });
});
