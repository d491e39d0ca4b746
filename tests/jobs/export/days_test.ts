import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addDays, countDays, daysWithout, isOpenDay, joinDays } from "../../../src/jobs/export/days.ts";

describe("days", () => {
  it("count across months, leap days and years", () => {
    assert.equal(addDays("2028-02-28", 1), "2028-02-29");
    assert.equal(addDays("2026-12-31", 1), "2027-01-01");
    assert.equal(addDays("2026-03-01", -1), "2026-02-28");
    assert.equal(countDays({ from: "2024-01-01", to: "2024-12-31" }), 366);
  });

  it("leave the gaps of a range, whatever the others' order and overlap", () => {
    const range = { from: "2026-01-01", to: "2026-01-10" };
    const others = [
      { from: "2026-01-06", to: "2026-01-07" },
      { from: "2025-12-20", to: "2026-01-02" },
      { from: "2026-01-07", to: "2026-01-08" },
      { from: "2026-01-01", to: "2026-01-01" },
      { from: "2026-02-01", to: "2026-02-02" },
    ];
    assert.deepEqual(daysWithout(range, others), [
      { from: "2026-01-03", to: "2026-01-05" },
      { from: "2026-01-09", to: "2026-01-10" },
    ]);
    assert.deepEqual(daysWithout(range, []), [range]);
    assert.deepEqual(daysWithout(range, [{ from: "2025-01-01", to: "2027-01-01" }]), []);
  });

  it("stay open until they are over in every time zone", () => {
    assert.equal(isOpenDay("2026-01-31", Date.UTC(2026, 1, 1, 11, 59)), true);
    assert.equal(isOpenDay("2026-01-31", Date.UTC(2026, 1, 1, 12)), false);
  });
});

const days = (text: string) =>
  text.split(" ").map((range) => {
    const [from = "", to = from] = range.split("-").map((day) => `2026-11-${day}`);
    return { from, to };
  });

describe("joined days", () => {
  for (
    const [before, after] of [
      ["01-03 03-05", "01-05"],
      ["04-05 01-03", "01-05"],
      ["01-03 05-06", "01-03 05-06"],
      ["01-09 02-03", "01-09"],
      ["01 01 02", "01-02"],
    ] as const
  ) it(`of ${before} are ${after}`, () => assert.deepEqual(joinDays(days(before)), days(after)));

  it("leave the ranges that they are made of as they were", () => {
    const ranges = days("01-02 03-04");
    joinDays(ranges);
    assert.deepEqual(ranges, days("01-02 03-04"));
  });
});
