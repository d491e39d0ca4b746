import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { joinDays } from "../../../src/jobs/copy/joined_days.ts";

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
