/** Thresholds: the table of https://nagios-plugins.org/doc/guidelines.html#THRESHOLDFORMAT, and comparisons. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  checkOrderOf,
  isReached,
  nagiosRange,
  parseThreshold,
  type Unit,
} from "../../../src/commands/check/shared/threshold.ts";
import { MpError } from "../../../src/errors.ts";

/** What is typed, as Nagios has it, numbers that are worth an alarm, and numbers that are not. */
const CASES: readonly [typed: string, range: string, reached: number[], not: number[], unit?: Unit][] = [
  ["10", "0:10", [-1, 10.1, 11], [0, 5, 10]],
  ["10:", "10:", [9.9, -5], [10, 1e9]],
  ["~:10", "~:10", [10.5, 11], [-1e9, 10]],
  ["10:20", "10:20", [9, 21], [10, 15, 20]],
  ["@10:20", "@10:20", [10, 15, 20], [9, 21]],
  ["-5:5", "-5:5", [-6, 6], [-5, 0, 5]],
  ["<100", "100:", [99, -1], [100, 101]],
  ["<=100", "@~:100", [100, 99], [101]],
  [">5", "~:5", [6], [5, -1]],
  [">=5", "@5:", [5, 6], [4.9]],
  ["=0", "@0:0", [0], [1, -1]],
  ["==0", "@0:0", [0], [1]],
  ["!=0", "0:0", [1, -1], [0]],
  ["< 1,000", "1000:", [999], [1000]],
  ["<1_000_000", "1000000:", [1], [1e6]],
  ["<-2.5", "-2.5:", [-3], [-2]],
  [">5%", "~:5", [6], [5], "%"],
  ["5", "0:5", [6], [5], "%"],
  [">2h", "~:7200", [7201], [7200], "s"],
  [">1.5d", "~:129600", [129601], [0], "s"],
  ["10m:", "600:", [599], [600], "s"],
  [">90", "~:90", [91], [90], "s"],
];

const codeOf = (work: () => unknown): string => {
  try {
    work();
  } catch (error) {
    if (error instanceof MpError) return `${error.category} ${error.code}`;
    throw error;
  }
  return "accepted";
};

describe("a threshold", () => {
  for (const [typed, range, reached, not, unit = ""] of CASES) {
    it(`${typed} is ${range}`, () => {
      const threshold = parseThreshold(typed, "--warn", unit);
      assert.equal(nagiosRange(threshold), range);
      assert.deepEqual(reached.filter((value) => !isReached(threshold, value)), []);
      assert.deepEqual(not.filter((value) => isReached(threshold, value)), []);
    });
  }

  for (
    const [typed, unit] of [
      ...["", " ", "many", "<", "<many", ":", "@", "20:10", "1:2:3", "<5%", "<2h", "10,00", "1e3", "∞", "<>5", "~"].map(
        (
          one,
        ) => [one, ""] as const,
      ),
      ["<2h", "%"],
      ["<5%", "s"],
    ] as const
  ) {
    it(`${JSON.stringify(typed)} of ${unit || "a count"} is refused`, () => {
      assert.equal(codeOf(() => parseThreshold(typed, "--warn", unit)), "input bad_threshold");
    });
  }

  for (
    const [warn, crit, outcome] of [
      ["<100", "<50", "accepted"],
      ["<50", "<100", "input bad_threshold"],
      ["<50", "<50", "input bad_threshold"],
      ["<=50", "<50", "accepted"],
      ["<50", "<=50", "input bad_threshold"],
      [">5", "<2", "accepted"],
      ["10:20", "5:30", "accepted"],
      ["5:30", "10:20", "input bad_threshold"],
      ["=0", "<1", "input bad_threshold"],
      ["<5", "!=0", "accepted"],
      [">=1", "!=0", "input bad_threshold"],
    ] as const
  ) {
    it(`--warn ${warn} beside --crit ${crit} is ${outcome}`, () => {
      const read = (typed: string) => parseThreshold(typed, "--warn", "");
      assert.equal(codeOf(() => checkOrderOf(read(warn), read(crit), { warn, crit })), outcome);
    });
  }
});
