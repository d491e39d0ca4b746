/** Rules, held against the library that the official Node SDK evaluates them with, and against the sandbox's evaluator. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { describe, it } from "node:test";
import { evaluateRule, isTruthy, RuleError } from "../../../src/jobs/local_flags/json_logic.ts";
import { UnknownRule, valueOfRule } from "../../../src/sandbox/flags/rule.ts";

const require = createRequire(import.meta.url);
// The SDK's own operators are added to the library when this is loaded.
require("mixpanel/lib/flags/local_flags.js");
const library = createRequire(require.resolve("mixpanel/package.json"))("json-logic-js") as {
  apply(rule: unknown, data: unknown): unknown;
};

const DATA = {
  plan: "pro",
  seats: 4,
  none: null,
  zero: 0,
  tags: ["beta", "eu"],
  nested: { deep: { list: [1, 2, 3] } },
  version: "2.1.0-rc.2",
  since: "2026-06-01T00:00:00Z",
};

const RULES: readonly unknown[] = [
  { var: "plan" },
  { var: ["missing", "fallback"] },
  { var: "nested.deep.list.1" },
  { var: "" },
  { "==": [{ var: "seats" }, "4"] },
  { "===": [{ var: "seats" }, "4"] },
  { "!=": [1, 2] },
  { "!==": [1, "1"] },
  { "<": [1, { var: "seats" }, 5] },
  { "<=": [1, 1, 0] },
  { ">": [{ var: "seats" }, 3] },
  { ">=": ["b", "a"] },
  { "!": [[]] },
  { "!!": ["0"] },
  { and: [true, { var: "zero" }, "never"] },
  { or: [{ var: "none" }, "second"] },
  { if: [{ ">": [{ var: "seats" }, 10] }, "many", { ">": [{ var: "seats" }, 3] }, "some", "few"] },
  { if: [false, "x"] },
  { "?:": [true, 1, 2] },
  { "+": [1, "2", 3] },
  { "-": [5, 2] },
  { "-": [5] },
  { "*": [2, 3, 4] },
  { "/": [9, 2] },
  { "%": [7, 3] },
  { min: [3, 1, 2] },
  { max: [3, 1, 2] },
  { in: ["beta", { var: "tags" }] },
  { in: ["ro", { var: "plan" }] },
  { in: ["x", { var: "none" }] },
  { cat: ["a", 1, "b"] },
  { substr: ["jsonlogic", 4] },
  { substr: ["jsonlogic", -5, 3] },
  { substr: ["jsonlogic", 1, -5] },
  { merge: [[1, 2], 3, [4]] },
  { missing: ["plan", "gone"] },
  { missing: [["gone", "lost"]] },
  { missing_some: [1, ["plan", "gone"]] },
  { missing_some: [2, ["plan", "gone"]] },
  { map: [{ var: "nested.deep.list" }, { "*": [{ var: "" }, 2] }] },
  { filter: [{ var: "nested.deep.list" }, { ">": [{ var: "" }, 1] }] },
  { reduce: [{ var: "nested.deep.list" }, { "+": [{ var: "current" }, { var: "accumulator" }] }, 0] },
  { all: [{ var: "nested.deep.list" }, { ">": [{ var: "" }, 0] }] },
  { all: [[], true] },
  { some: [{ var: "tags" }, { "==": [{ var: "" }, "eu"] }] },
  { none: [{ var: "tags" }, { "==": [{ var: "" }, "us"] }] },
  ...["<", "<=", ">", ">=", "===", "!==", "=="].flatMap((sign) => [
    ...["2.1.0", "2.1.0-rc.10", "2.1.0-rc.2", "2.1.0-alpha", "v2", "02.1", "2.1.0.0", 2].map((version) => ({
      semver_compare: [{ var: "version" }, sign, version],
    })),
    ...[Date.UTC(2026, 5, 1), Date.UTC(2026, 5, 1) + 999, 0, "2026"].map((time) => ({
      datetime_compare: [{ var: "since" }, sign, time],
    })),
  ]),
  { var: ["none", "fallback"] },
  { ">": [3, 2, 9] },
  { datetime_compare: ["2026-02-30T00:00:00Z", ">", 0] },
  { datetime_compare: ["2026-02-28T24:00:00Z", ">", 0] },
  { datetime_compare: ["2026-06-01t02:00:00+02:00", "===", Date.UTC(2026, 5, 1)] },
  "plain",
  [1, { var: "seats" }],
];

describe("evaluateRule", () => {
  for (const rule of RULES) {
    it(`evaluates ${JSON.stringify(rule)} as the SDK's library does`, () => {
      assert.deepEqual(evaluateRule(rule, DATA), library.apply(rule, DATA));
    });
  }

  it("refuses operators that nobody knows", () => {
    for (const name of ["telepathy", "constructor", "__proto__", "hasOwnProperty"]) {
      const rule = JSON.parse(`{"${name}": [1]}`);
      assert.throws(() => evaluateRule(rule, {}), RuleError, name);
      assert.throws(() => valueOfRule(rule, {}), UnknownRule, name);
    }
  });

  it("finds nothing that the data does not have itself", () => {
    assert.equal(evaluateRule({ var: "constructor" }, {}), null);
    assert.equal(evaluateRule({ var: "plan.length.x" }, DATA), null);
  });

  it("takes an empty list for false, and the text 0 for true", () => {
    assert.deepEqual([isTruthy([]), isTruthy("0"), isTruthy(""), isTruthy({})], [false, true, false, true]);
  });
});

describe("the sandbox's evaluator", () => {
  it("comes to the same values", () => {
    for (const rule of RULES) {
      assert.deepEqual(valueOfRule(rule, DATA), evaluateRule(rule, DATA), JSON.stringify(rule));
    }
  });
});
