import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { applySuggestions, checkExpression, type ExpressionKind } from "../../src/expressions/check.ts";
import { parseTolerantly } from "../../src/expressions/parse.ts";

/** Puts suggestions in until nothing changes. */
function corrected(text: string, kind: ExpressionKind = "where"): string {
  const next = applySuggestions(text, checkExpression(text, kind));
  return next === text ? text : corrected(next, kind);
}

describe("checkExpression", () => {
  const corrections: [string, string][] = [
    [`country = 'US'`, `properties["country"] == "US"`],
    [`properties["a"]==1&&!defined(properties["b"])`, `properties["a"]==1 and not defined(properties["b"])`],
    [`properties["a"] == 1 || properties["b"] <> 2`, `properties["a"] == 1 or properties["b"] != 2`],
    [`properties["a"] === True`, `properties["a"] == true`],
    [`properties[country]==US`, `properties["country"]=="US"`],
    [`properties["city"] == New York`, `properties["city"] == "New York"`],
    [`properties["city"] in [Rome, "Paris"]`, `properties["city"] in ["Rome", "Paris"]`],
    [`properties.utm_source == "x"`, `properties["utm_source"] == "x"`],
    [`prop["a"] == 1`, `properties["a"] == 1`],
    [`users["a"] == 1`, `user["a"] == 1`],
    [`properties("a") == 1`, `properties["a"] == 1`],
    [`1 < properties["x"] <= 5`, `1 < properties["x"] and properties["x"] <= 5`],
    [`true and 1 < properties["x"] < 5`, `true and (1 < properties["x"] and properties["x"] < 5)`],
    [`properties["a"] == properties["b"] == true`, `(properties["a"] == properties["b"]) == true`],
    [`properties["x"] not in ("a", 'b')`, `not properties["x"] in ["a", "b"]`],
    [`properties["x"] == null`, `not defined(properties["x"])`],
    [`properties["x"] != None`, `defined(properties["x"])`],
    [`properties["x"] IS NOT NULL`, `defined(properties["x"])`],
    [`properties["x"] is null`, `not defined(properties["x"])`],
    [
      `properties["p"] == "a" or "b" or "c"`,
      `properties["p"] == "a" or properties["p"] == "b" or properties["p"] == "c"`,
    ],
    [`isset(properties["x"])`, `defined(properties["x"])`],
    [`flor(properties["x"]) == 1`, `floor(properties["x"]) == 1`],
    [`int(properties["x"]) == 1`, `number(properties["x"]) == 1`],
    [`properties["t"] > now() -3600`, `properties["t"] > NOW - 3600`],
    [`event["city"] == “Rome”`, `properties["city"] == "Rome"`],
    [`(properties["x"] == .5`, `(properties["x"] == 0.5)`],
    [`1 + not properties["x"] == 1`, `1 + (not properties["x"] == 1)`],
    [`properties["a"] == +5`, `properties["a"] == 5`],
    [`properties["a"] == "x" + 5`, `properties["a"] == "x" + string(5)`],
  ];
  for (const [text, expected] of corrections) {
    it(`corrects ${text} to ${expected}`, () => {
      assert.notDeepEqual(checkExpression(text, "where"), []);
      assert.equal(corrected(text), expected);
    });
  }

  const correct: [ExpressionKind, string][] = [
    ["where", `properties["$browser"] == "Chrome" and not "x" in properties["ref"]`],
    ["where", `properties["active"]`],
    ["where", `properties["created"] > datetime(2024, 1, 1)`],
    ["where", `properties["$time"]>=datetime(1760000000)`],
    ["where", `datetime(1386972989 - 2592000) > properties["$last_seen"]`],
    ["where", `defined (properties["p"])`],
    ["selector", `(behaviors["bought"] > 0) and (behaviors["signed_up"] == 0)`],
    ["on", `properties["plan"]`],
    ["on", `number(properties["age"])`],
    ["on", `properties["first"] + " " + properties["last"]`],
  ];
  for (const [kind, text] of correct) {
    it(`finds nothing wrong with ${kind} ${text}`, () => assert.deepEqual(checkExpression(text, kind), []));
  }

  it("wraps a bare property name in on, also one of several words", () => {
    for (const name of ["country", "$browser", "Plan Type", "utm-source", " größe "]) {
      assert.equal(corrected(name, "on").trim(), `properties["${name.trim()}"]`);
    }
    assert.equal(corrected("price - cost", "on"), `properties["price"] - properties["cost"]`);
    assert.equal(corrected(`"country"`, "on"), `properties["country"]`);
  });

  it("marks exactly the place that is wrong", () => {
    const text = `properties["a"] == 1 and plan == "x"`;
    assert.deepEqual(checkExpression(text, "where"), [{
      message: `A property is written as properties["plan"]`,
      start: 25,
      end: 29,
      suggestion: `properties["plan"]`,
    }]);
  });

  const wrong: [ExpressionKind, string, RegExp][] = [
    ["where", `properties["a"] + 1`, /A filter is a condition, but this is a number/],
    ["where", `"text"`, /A filter is a condition, but this is text/],
    ["on", "1 + 1", /same for every event/],
    ["where", `properties["a"] == 1 and 5`, /"and" joins conditions, but this is a number/],
    ["where", `not "x"`, /"not" takes a condition, but this is text/],
    ["where", `"1" == 1`, /compares text with a number/],
    ["where", `string(properties["a"]) > 5`, /compares text with a number/],
    ["where", `properties["a"] > true`, /compares numbers, times or text, but this is true or false/],
    ["where", `datetime("2026-02-30") < NOW`, /no time "2026-02-30"/],
    ["where", `1 in "123"`, /Only text is found in text/],
    ["where", `"a" in 5`, /Nothing is found in a number/],
    ["where", `"5" * properties["a"] > 1`, /"\*" takes a number, but this is text/],
    ["where", `datetime(2026, 1) < NOW`, /takes one value, or year, month, day/],
  ];
  for (const [kind, text, message] of wrong) {
    it(`finds what is wrong with ${kind} ${text}`, () => {
      assert.match(checkExpression(text, kind).map((problem) => problem.message).join("\n"), message);
    });
  }

  it("knows which properties there are, and which one was meant", () => {
    const options = { properties: ["country", "plan"] };
    assert.deepEqual(checkExpression(`properties["cuontry"] == "US" and properties["zzz"] == 1`, "where", options), [
      {
        message: `There is no property "cuontry"`,
        start: 0,
        end: 21,
        suggestion: `properties["country"]`,
      },
      { message: `There is no property "zzz"`, start: 34, end: 51 },
    ]);
    assert.deepEqual(checkExpression(`properties["$time"] > 1 and user["zzz"] == 1`, "where", options), []);
  });

  it("reports problems in order and keeps them inside of the text, whatever the text", () => {
    const pieces = fc.constantFrom(
      `properties["a"]`,
      "plan",
      "(",
      ")",
      "[",
      "]",
      ",",
      "and",
      "OR",
      "not",
      "in",
      "==",
      "=",
      "<",
      "-",
      "&&",
      "1",
      `"x"`,
      "'y'",
      "“z”",
      "null",
      "is",
      "NOW",
      "datetime(",
      ".",
      "💥",
      "properties[",
      "contains",
      "\n",
    );
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 12 }),
        fc.constantFrom("where" as const, "on" as const),
        (words, kind) => {
          const text = words.join(" ");
          let previous = 0;
          for (const { start, end } of checkExpression(text, kind)) {
            assert.ok(previous <= start && start <= end && end <= text.length, `${start}-${end} of ${text}`);
            previous = start;
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it("suggests what the parser then takes, wherever it understood the text", () => {
    const pieces = fc.constantFrom(
      "plan",
      `properties["a"]`,
      "and",
      "OR",
      "not",
      "in",
      "==",
      "=",
      "<",
      "&&",
      "||",
      "!",
      "1",
      "'y'",
      "null",
      "is",
      "(",
      ")",
    );
    fc.assert(
      fc.property(fc.array(pieces, { minLength: 1, maxLength: 8 }), (words) => {
        const text = words.join(" ");
        const { expression, problems } = parseTolerantly(text);
        fc.pre(expression !== undefined && problems.length > 0);
        let current = text;
        for (let round = 0; round < 8; round++) current = applySuggestions(current, parseTolerantly(current).problems);
        assert.deepEqual(parseTolerantly(current).problems, [], `${text} became ${current}`);
      }),
      { numRuns: 500 },
    );
  });
});
