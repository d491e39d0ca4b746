import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { explainExpression, explanationLines } from "../../src/expressions/explain.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import { arbitraryExpression } from "./arbitrary_expression.ts";

const explain = (text: string) => explanationLines(explainExpression(parseExpression(text))).join("\n");

describe("an explanation", () => {
  it("says what is compared with what", () => {
    assert.equal(explain('properties["plan"] == "pro"'), 'plan is "pro"');
    assert.equal(explain('number(properties["age"]) >= 18'), "age as a number is at least 18");
    assert.equal(explain('user["$email"] == event["distinct_id"]'), "the user's $email is the event's distinct_id");
    assert.equal(explain('behaviors["bought"] > 2'), 'how often "bought" was done is more than 2');
    assert.equal(explain('properties["t"] < datetime(2024, 1, 31)'), "t is less than the time 2024-1-31");
    assert.equal(explain('properties["t"] < NOW - 3600'), "t is less than now (in seconds) minus 3600");
  });

  it("says where a missing property counts too", () => {
    assert.equal(explain('properties["plan"] != "pro"'), 'plan is not "pro", or missing');
    assert.equal(explain('not properties["beta"]'), "beta is false or missing");
    assert.equal(explain('not defined(properties["x"])'), "x is missing");
    assert.equal(explain('defined(properties["x"])'), "x is there");
  });

  it("tells a list from a part of a text", () => {
    assert.equal(explain('properties["c"] in ["US", "CA"]'), 'c is one of "US", "CA"');
    assert.equal(explain('"x" in properties["tags"]'), 'tags contains "x", as a part of its text or in its list');
    assert.equal(explain('properties["name"] contains "J"'), 'name contains "J", as a part of its text or in its list');
  });

  it("shows how conditions are joined", () => {
    assert.equal(
      explain('properties["a"] == 1 and (properties["b"] == 2 or not (properties["c"] > 3))'),
      [
        "all of these hold",
        "  - a is 1",
        "  - at least one of these holds",
        "    - b is 2",
        "    - this does not hold, or cannot be told",
        "      - c is more than 3",
      ].join("\n"),
    );
  });

  it("explains a value", () => {
    assert.equal(explain('floor(properties["amount"] / 10) * 10'), "(amount divided by 10) rounded down times 10");
  });

  it("quotes a name that could not be seen", () => {
    assert.equal(explain('properties["  "]'), '"  "');
  });

  it("has words for every expression", () => {
    fc.assert(fc.property(arbitraryExpression, (expression) => {
      const lines = explanationLines(explainExpression(expression));
      return lines.length > 0 && lines.every((line) => line.trim() !== "" && !line.includes("undefined is"));
    }));
  });
});
