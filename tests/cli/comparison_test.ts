import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { comparedRange } from "../../src/cli/comparison.ts";

describe("comparedRange", () => {
  const range = { from: "2026-03-25", to: "2026-03-31" };

  it("goes back by as many days, a week, a month of the calendar, a year, or begins on a day", () => {
    assert.deepEqual(comparedRange("previous", range), { from: "2026-03-18", to: "2026-03-24" });
    assert.deepEqual(comparedRange("week", range), { from: "2026-03-18", to: "2026-03-24" });
    assert.deepEqual(comparedRange("year", range), { from: "2025-03-25", to: "2025-03-31" });
    assert.deepEqual(comparedRange("2026-01-30", range), { from: "2026-01-30", to: "2026-02-05" });
  });

  it("takes the last day of a month that has no such day", () => {
    assert.deepEqual(comparedRange("month", range), { from: "2026-02-25", to: "2026-02-28" });
    assert.deepEqual(comparedRange("year", { from: "2028-02-29", to: "2028-02-29" }), {
      from: "2027-02-28",
      to: "2027-02-28",
    });
    assert.deepEqual(comparedRange("month", { from: "2026-01-31", to: "2026-01-31" }), {
      from: "2025-12-31",
      to: "2025-12-31",
    });
  });

  it("refuses what is neither", () => {
    for (const word of ["", "weeks", "2026-02-30", "yesterday"]) {
      assert.throws(() => comparedRange(word, range), /Cannot use --compare/, word);
    }
  });
});
