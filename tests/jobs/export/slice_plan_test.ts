import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addDays, countDays, type DayRange } from "../../../src/jobs/export/days.ts";
import { countSlicesAtLeast, SlicePlan, type SlicePlanOptions } from "../../../src/jobs/export/slice_plan.ts";

const MB = 1024 * 1024;
const year: DayRange = { from: "2025-01-01", to: "2025-12-31" };

/** The lengths of the slices of a project with so many bytes a day. */
function lengths(range: DayRange, bytesPerDay: number, options: SlicePlanOptions = {}, elapsedMs = 1000): number[] {
  const plan = new SlicePlan([range], range, options);
  const days: number[] = [];
  for (let slice = plan.take(); slice !== undefined; slice = plan.take()) {
    const count = countDays(slice);
    days.push(count);
    plan.learn(slice, { bytes: bytesPerDay * count, elapsedMs });
  }
  return days;
}

describe("the plan of slices", () => {
  it("asks for a quiet year in few requests", () => {
    assert.deepEqual(lengths(year, 1000), [1, 8, 64, 92, 92, 92, 16]);
  });

  it("asks a large project day by day", () => {
    const days = lengths(year, 900 * MB);
    assert.equal(days.length, 365);
  });

  it("follows the size of what comes", () => {
    const days = lengths(year, 100 * MB, { concurrency: 4 });
    assert.deepEqual(days.slice(0, 3), [1, 8, 10]);
    assert.equal(days.reduce((sum, one) => sum + one), 365);
  });

  it("follows the time that it takes", () => {
    const plan = new SlicePlan([year], year);
    plan.learn(plan.take()!, { bytes: 10, elapsedMs: 60_000 });
    assert.equal(countDays(plan.take()!), 3);
  });

  it("shares what is left out to the requests that run at a time, when it is much", () => {
    const plan = new SlicePlan([year], { from: "2025-01-01", to: "2025-01-09" }, { concurrency: 4 });
    plan.endAt("2025-01-09");
    plan.learn(plan.take()!, { bytes: 100 * MB, elapsedMs: 1 });
    assert.equal(countDays(plan.take()!), 2);
  });

  it("ends slices where files end, and reaches over whole files only", () => {
    const plan = new SlicePlan([year], year, { split: "month" });
    plan.learn(plan.take()!, { bytes: 1, elapsedMs: 1 });
    assert.deepEqual(plan.take(), { from: "2025-01-02", to: "2025-01-09" });
    plan.learn({ from: "2025-01-02", to: "2025-01-09" }, { bytes: 1, elapsedMs: 1 });
    assert.deepEqual(plan.take(), { from: "2025-01-10", to: "2025-01-31" });
    assert.deepEqual(plan.take(), { from: "2025-02-01", to: "2025-03-31" });
  });

  it("asks in halves for what failed, and grows again carefully", () => {
    const plan = new SlicePlan([year], year);
    plan.learn(plan.take()!, { bytes: 1, elapsedMs: 1 });
    const slice = plan.take()!;
    plan.giveBackInHalves(slice);
    const halves = [plan.take()!, plan.take()!];
    assert.deepEqual(halves, [{ from: "2025-01-02", to: "2025-01-05" }, { from: "2025-01-06", to: "2025-01-09" }]);
    plan.learn(halves[0]!, { bytes: 1, elapsedMs: 1 });
    assert.equal(countDays(plan.take()!), 4);
    plan.learn(halves[1]!, { bytes: 1, elapsedMs: 1 });
    assert.equal(countDays(plan.take()!), 8);
  });

  it("keeps the length that was asked for", () => {
    assert.deepEqual(lengths({ from: "2025-01-01", to: "2025-01-10" }, 1, { fixedDays: 3 }), [3, 3, 3, 1]);
  });

  it("asks for days of one file, or for whole files, also when the length was asked for", () => {
    const weeks = lengths({ from: "2025-01-01", to: "2025-01-20" }, 1, { fixedDays: 3, split: "week" });
    assert.deepEqual(weeks, [3, 2, 3, 3, 1, 3, 3, 1, 1]);
    assert.deepEqual(lengths({ from: "2025-01-01", to: "2025-01-20" }, 1, { fixedDays: 10, split: "week" }), [5, 7, 8]);
  });

  it("asks for no more files at once than can be open", () => {
    assert.equal(Math.max(...lengths(year, 1, { fixedDays: 366, split: "day" })), 31);
  });

  it("asks for a day that is not over by itself, and for one file at a time when it is told so", () => {
    const range = { from: "2025-01-01", to: "2025-01-10" };
    assert.deepEqual(lengths(range, 1, { fixedDays: 5, split: "day", openFrom: "2025-01-09" }), [5, 3, 1, 1]);
    const plan = new SlicePlan([range], range, { fixedDays: 5, split: "week" });
    plan.keepToFiles();
    assert.deepEqual([plan.take(), plan.take()], [
      { from: "2025-01-01", to: "2025-01-05" },
      { from: "2025-01-06", to: "2025-01-10" },
    ]);
  });

  it("loses no day and repeats none, whatever happens to its slices", () => {
    let seed = 7;
    const random = () => (seed = seed * 48271 % 2147483647) / 2147483647;
    const plan = new SlicePlan([year], year, { split: "week", concurrency: 3 });
    const days: string[] = [];
    for (let slice = plan.take(); slice !== undefined; slice = plan.take()) {
      if (random() < 0.3 && slice.from < slice.to) {
        plan.giveBackInHalves(slice);
        continue;
      }
      for (let day = slice.from; day <= slice.to; day = addDays(day, 1)) days.push(day);
      plan.learn(slice, { bytes: random() * 1e9, elapsedMs: random() * 1e5 });
    }
    assert.deepEqual(days, Array.from({ length: 365 }, (_, index) => addDays("2025-01-01", index)));
  });

  it("says how many requests there are at least", () => {
    assert.equal(countSlicesAtLeast(year, {}), 7);
    assert.equal(countSlicesAtLeast(year, { fixedDays: 1 }), 365);
    assert.equal(countSlicesAtLeast({ from: "2025-01-01", to: "2025-01-01" }, {}), 1);
  });
});
