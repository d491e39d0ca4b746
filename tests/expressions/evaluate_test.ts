import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { compileExpression, compileFilter, EvaluationError, type Scope } from "../../src/expressions/evaluate.ts";
import { Moment } from "../../src/expressions/moment.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import type { Value } from "../../src/expressions/values.ts";
import { arbitraryExpression } from "./arbitrary_expression.ts";

const NOW_MS = Date.UTC(2026, 7, 15, 12, 0, 0, 250);
const EVENT = { name: "Buy", timeMs: Date.UTC(2026, 7, 1, 10, 30, 0, 999), distinctId: "u-1" };
const SCOPE: Scope = {
  properties: {
    $browser: "Chrome",
    age: 21,
    plan: "premium",
    active: true,
    country: "US",
    tags: ["premium", "beta"],
    name: "Elton John",
    created: "2024-05-05T10:00:00",
    nothing: null,
    zero: 0,
    empty: "",
    numbers: [1, 2, 3],
    price: 12.5,
    id: 1234567890123456789n,
    address: { city: "Rome" },
  },
  event: EVENT,
  user: { $email: "a@x.io" },
  behaviors: { bought: 2, signed_up: 0 },
};

function evaluate(text: string, scope: Scope = SCOPE, timeZone?: string): Value {
  return compileExpression(parseExpression(text), { nowMs: NOW_MS, timeZone })(scope);
}

const p = (name: string) => `properties["${name}"]`;

/** Expressions by what they give. */
const CASES: [string, [string, Value][]][] = [
  ["the reference's examples", [
    [`properties["$browser"] == "Chrome"`, true],
    [`properties["age"] > 18`, true],
    [`properties["plan"] == "premium" and properties["active"] == true`, true],
    [`properties["source"] == "web" or properties["source"] == "mobile"`, false],
    [`properties["country"] in ["US", "CA", "UK"]`, true],
    [`not properties["beta_user"]`, true],
    [`defined(properties["email"])`, false],
    [`not defined(properties["deleted_at"])`, true],
    [`"premium" in properties["tags"]`, true],
    [`properties["name"] contains "John"`, true],
    [`properties["created"] > datetime(2024, 1, 1)`, true],
    [`properties["created"] > datetime(2025, 1, 1)`, false],
  ]],
  ["addition", [
    ["1 + 2", 3],
    [`"a" + "b"`, "ab"],
    [`1 + "b"`, undefined],
    [`${p("missing")} + 1`, undefined],
    [`true + true`, undefined],
    [`${p("nothing")} + 1`, undefined],
  ]],
  ["arithmetic", [
    ["7 - 10", -3],
    ["2 * 3.5", 7],
    ["7 / 2", 3.5],
    ["7 / 0", undefined],
    ["-7 % 3", -1],
    ["7 % -3", 1],
    ["7 % 0", undefined],
    [`"7" * 2`, undefined],
    ["1e308 * 10", undefined],
    [`-${p("plan")}`, undefined],
    [`-${p("age")}`, -21],
    [`floor(${p("price")} / 10)`, 1],
  ]],
  ["equality", [
    [`"1" == 1`, false],
    [`"1" != 1`, true],
    ["1 == 1.0", true],
    ["true == 1", false],
    [`${p("missing")} == "x"`, false],
    [`${p("missing")} != "x"`, true],
    [`${p("nothing")} == false`, false],
    [`${p("numbers")} == [1, 2, 3]`, true],
    [`${p("numbers")} == [1, 2]`, false],
    [`${p("id")} == 1234567890123456789`, true],
    [`${p("id")} == 1234567890123456788`, false],
    [`"a" == "A"`, false],
  ]],
  ["order", [
    ["1 < 2", true],
    ["2 <= 2", true],
    ["2 > 2", false],
    ["2 >= 3", false],
    [`"10" > 9`, undefined],
    [`${p("missing")} > 1`, undefined],
    [`${p("created")} >= "2024-01-01T00:00:00"`, true],
    [`"b" < "a"`, false],
    ["true < false", undefined],
    [`${p("id")} > 1`, true],
    [`${p("nothing")} < 1`, undefined],
  ]],
  ["membership", [
    [`"John" in ${p("name")}`, true],
    [`"john" in ${p("name")}`, false],
    [`"" in ${p("name")}`, true],
    [`2 in ${p("numbers")}`, true],
    [`"2" in ${p("numbers")}`, false],
    ["1 in [1, 2]", true],
    ["1 in []", false],
    [`1 in "123"`, undefined],
    [`"a" in 5`, undefined],
    [`"a" in ${p("missing")}`, undefined],
    [`${p("missing")} in ["a"]`, undefined],
    [`not "x" in ${p("missing")}`, true],
    [`${p("tags")} contains "beta"`, true],
    [`${p("address")} contains "city"`, undefined],
  ]],
  ["logic", [
    ["true and false", false],
    ["true or false", true],
    [`true and ${p("missing")}`, false],
    [`${p("missing")} or true`, true],
    [`${p("missing")} or ${p("missing")}`, false],
    ["not true", false],
    [`not ${p("missing")}`, true],
    ["not 5", undefined],
    [`not ${p("nothing")}`, undefined],
    [`not (${p("missing")} > 5)`, true],
    [`${p("missing")} <= 5`, undefined],
    ["true or 5", true],
  ]],
  ["casts to text", [
    [`string(${p("plan")})`, "premium"],
    ["string(1.50)", "1.5"],
    ["string(1e21)", "1000000000000000000000"],
    ["string(-0.0000001)", "-0.0000001"],
    ["string(true)", "true"],
    [`string(${p("nothing")})`, null],
    [`string(${p("missing")})`, undefined],
    [`string(${p("id")})`, "1234567890123456789"],
    [`string(${p("numbers")})`, "[1,2,3]"],
  ]],
  ["casts to numbers", [
    [`number("12.5")`, 12.5],
    [`number("-3")`, -3],
    [`number("abc")`, undefined],
    [`number("")`, undefined],
    [`number("0x10")`, undefined],
    [`number("Infinity")`, undefined],
    ["number(true)", 1],
    ["number(false)", 0],
    [`number(${p("nothing")})`, undefined],
    [`number(${p("missing")})`, undefined],
    [`number("1234567890123456789")`, 1234567890123456789n],
  ]],
  ["casts to booleans", [
    [`boolean("")`, false],
    [`boolean("false")`, false],
    [`boolean("no")`, true],
    ["boolean(0)", false],
    ["boolean(2)", true],
    [`boolean(${p("nothing")})`, false],
    [`boolean(${p("missing")})`, false],
  ]],
  ["defined, list and rounding", [
    [`defined(${p("zero")})`, true],
    [`defined(${p("empty")})`, true],
    [`defined(${p("nothing")})`, true],
    [`defined(1 / 0)`, false],
    [`list("a")`, ["a"]],
    [`list(${p("tags")})`, ["premium", "beta"]],
    [`list(${p("missing")})`, undefined],
    ["floor(-1.5)", -2],
    ["ceil(-1.5)", -1],
    ["round(2.5)", 3],
    ["round(-2.5)", -3],
    [`round("2")`, undefined],
    [`floor(${p("id")})`, 1234567890123456789n],
  ]],
  ["times", [
    ["NOW", Math.floor(NOW_MS / 1000)],
    [`event["$time"]`, EVENT.timeMs / 1000 - 0.999],
    [`properties["$time"]`, EVENT.timeMs / 1000 - 0.999],
    [`properties["time"] >= datetime("2026-08-01T10:30:00")`, true],
    [`properties["$time"] > datetime("2026-08-01T10:30:00")`, false],
    [`event["$time"] == datetime("2026-08-01T10:30:00Z")`, true],
    [`event["$time"] >= datetime("2026-08-01") and event["$time"] < datetime("2026-08-02")`, true],
    [`datetime(1785580200) == datetime(1785580200000)`, true],
    ["datetime(0)", undefined],
    ["datetime(-5)", undefined],
    [`datetime("yesterday")`, undefined],
    [`datetime("2026-02-30")`, undefined],
    [`datetime(2026, 13, 1)`, undefined],
    [`datetime(${p("missing")})`, undefined],
    ["datetime(true)", undefined],
    [`datetime(NOW - 86400) < datetime(NOW)`, true],
    [`datetime(${p("created")}) < datetime("2025-01-01")`, true],
    [`${p("created")} < datetime("2025-01-01")`, true],
    [`datetime(1386972989 - 2592000) > ${p("created")}`, false],
    [`datetime(NOW) > ${p("plan")}`, undefined],
    [`datetime("2026-08-01T02:00:00+02:00") == datetime("2026-08-01T00:00:00")`, true],
    [`string(datetime(2026, 8, 1, 13, 5, 9))`, "2026-08-01T13:05:09"],
    [`datetime(NOW) + 5`, undefined],
  ]],
  ["other sources", [
    [`user["$email"] == "a@x.io"`, true],
    [`user["missing"]`, undefined],
    [`behaviors["bought"] > 0 and behaviors["signed_up"] == 0`, true],
    [`event["distinct_id"]`, "u-1"],
    [`properties["$distinct_id"]`, "u-1"],
    [`event["nothing"]`, undefined],
  ]],
];

describe("compileExpression", () => {
  for (const [group, cases] of CASES) {
    describe(group, () => {
      for (const [text, expected] of cases) {
        it(`${text} is ${typeof expected === "bigint" ? expected : JSON.stringify(expected)}`, () => {
          assert.deepEqual(evaluate(text), expected);
        });
      }
    });
  }

  it("fails where and or or meets anything but a condition", () => {
    for (const text of [`true and 5`, `${p("plan")} or true`, `false or ${p("nothing")}`]) {
      assert.throws(() => evaluate(text), EvaluationError);
    }
    assert.throws(() => evaluate(`true and ${p("tags")}`), {
      message: `"and" joins conditions, but properties["tags"] is a list`,
      start: 9,
      end: 27,
    });
  });

  it("fails only when it is evaluated, and not where the left side decides", () => {
    assert.equal(evaluate("not (false and 5)"), true);
    const evaluator = compileExpression(parseExpression("not (true and 5)"), { nowMs: 0 });
    assert.throws(() => evaluator({ properties: {} }), EvaluationError);
  });

  it("reads dates without an offset in the project's time zone", () => {
    const summer = evaluate(`datetime("2026-07-01T00:00:00")`, SCOPE, "America/New_York");
    assert.ok(summer instanceof Moment);
    assert.equal(summer.seconds, Date.UTC(2026, 6, 1, 4) / 1000);
    const winter = evaluate("datetime(2026, 1, 1)", SCOPE, "America/New_York");
    assert.ok(winter instanceof Moment);
    assert.equal(winter.seconds, Date.UTC(2026, 0, 1, 5) / 1000);
    assert.equal(evaluate(`string(datetime("2026-07-01T12:00:00Z"))`, SCOPE, "Asia/Kolkata"), "2026-07-01T17:30:00");
  });

  it("takes a profile's own time property when there is no event", () => {
    assert.equal(evaluate(`properties["time"]`, { properties: { time: 5 } }), 5);
  });

  it("finds nothing that an object merely inherits", () => {
    for (const name of ["constructor", "__proto__", "toString"]) {
      assert.equal(evaluate(`defined(properties["${name}"]) or defined(user["${name}"])`), false);
    }
    assert.equal(evaluate(`properties["__proto__"]`, { properties: JSON.parse(`{"__proto__": 7}`) }), 7);
  });

  it("evaluates thousands of joined conditions", () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `${p("age")} == ${index + 1000}`).join(" or ");
    assert.equal(evaluate(text), false);
    assert.equal(evaluate(`${text} or true`), true);
  });

  it("never throws anything but an EvaluationError", () => {
    const names = fc.constantFrom("US", 'say "hi"', "back\\slash", "a'b", "", "constructor");
    const scope = fc.record({ properties: fc.dictionary(names, fc.jsonValue() as fc.Arbitrary<unknown>) });
    fc.assert(
      fc.property(arbitraryExpression, scope, (expression, generated) => {
        try {
          compileExpression(expression, { nowMs: NOW_MS })({ ...generated, event: EVENT });
        } catch (error) {
          assert.ok(error instanceof EvaluationError, String(error));
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe("compileFilter", () => {
  it("matches only what is true", () => {
    const matches = (text: string) => compileFilter(parseExpression(text), { nowMs: NOW_MS })(SCOPE);
    assert.equal(matches(p("active")), true);
    for (const text of [p("missing"), p("plan"), p("age"), `${p("missing")} > 1`, "false"]) {
      assert.equal(matches(text), false, text);
    }
  });
});
