import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { checkPropertyFormula, formulaNames } from "../../src/formulas/check.ts";
import { parsePropertyFormula } from "../../src/formulas/parse.ts";

/** The problems of a formula: the text that each is about, what it says, and what to write instead. */
function problems(text: string, names?: string[]): [at: string, message: string, suggestion?: string][] {
  return checkPropertyFormula(text, names).map(({ start, end, message, suggestion }) =>
    suggestion === undefined ? [text.slice(start, end), message] : [text.slice(start, end), message, suggestion]
  );
}

describe("checkPropertyFormula", () => {
  it("finds nothing in what the language has", () => {
    for (
      const text of [
        'ifs(A < 1, "a", true, "b")',
        'LET(raw, A, REGEX_REPLACE(raw, "^[0-9]+_", ""))',
        'datedif(A, today(), "ym")',
        'any(x, ["a"], x == A)',
      ]
    ) assert.deepEqual(problems(text, ["A"]), [], text);
  });

  it("says where a formula stops making sense, and what was meant", () => {
    assert.deepEqual(problems(""), [["", "The formula is empty"]]);
    assert.deepEqual(problems("A = 1"), [["=", 'Write "==" instead of "="', "=="]]);
    assert.deepEqual(problems("A && B"), [["&&", 'Write "and" instead of "&&"', "and"]]);
    assert.deepEqual(problems("A == 'x'"), [["'x'", "Text is written in straight double quotes", '"x"']]);
    assert.deepEqual(problems('A == "x'), [['"x', "The text has no closing quote"]]);
    assert.deepEqual(problems("uper(A)"), [["uper", 'There is no function "uper"', "upper"]]);
    assert.deepEqual(problems("upper(A, B)"), [["upper(A, B)", "upper takes 1 argument, not 2"]]);
    assert.deepEqual(problems("regex_extract(A)"), [[
      "regex_extract(A)",
      "regex_extract takes 2 or 3 arguments, not 1",
    ]]);
    assert.deepEqual(problems("(A + 1"), [["(", '"(" is not closed']]);
    assert.deepEqual(problems("A + 1)"), [[")", '")" closes nothing']]);
    assert.deepEqual(problems("A B"), [["B", 'Expected an operator before "B"']]);
    assert.deepEqual(problems("A +"), [["", "The formula ends here"]]);
    assert.deepEqual(problems("let(1, A, B)"), [["1", "The first argument of let is a name"]]);
    assert.deepEqual(problems("A @ B"), [["@", 'Unexpected character "@"']]);
  });

  it("finds all that is wrong with names and arguments", () => {
    assert.deepEqual(problems("A + B + C", ["A", "c"]), [["B", "B stands for no property"]]);
    assert.deepEqual(problems('datedif(A, A, "W") + len(B)', ["A"]), [
      ['"W"', "This is one of D, M, Y, MD, YM, YD"],
      ["B", "B stands for no property"],
    ]);
    assert.deepEqual(problems("ifs(A, 1, B)"), [["ifs(A, 1, B)", "ifs takes pairs of a condition and a value"]]);
    assert.deepEqual(problems('split(A, "ab")'), [['"ab"', "The delimiter of split is a single ASCII character"]]);
  });

  it("knows what regular expressions are not understood by Mixpanel", () => {
    assert.match(problems('regex_match(A, "[0-9]{4}")')[0]![1], /\{n\}/);
    assert.match(problems(String.raw`regex_match(A, "\d+")`)[0]![1], /write \[0-9\]/);
    assert.match(problems(String.raw`regex_extract(A, "(\w+)", 1)`)[0]![1], /A-Za-z0-9_/);
    assert.deepEqual(problems('regex_match(A, "(")'), [['"("', "This is not a regular expression"]]);
  });

  it("refuses what is too long or too deep without breaking", () => {
    assert.match(problems(`"${"x".repeat(20_000)}"`)[0]![1], /at most 20000 characters/);
    assert.match(problems("(".repeat(500))[0]![1], /nested too deeply/);
  });

  it("lists the names that a formula needs", () => {
    assert.deepEqual(formulaNames(parsePropertyFormula("let(x, A * B, x + a + C)")), ["A", "B", "C"]);
  });
});
