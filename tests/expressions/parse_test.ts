import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseExpression, parseTolerantly } from "../../src/expressions/parse.ts";
import { printExpression } from "../../src/expressions/print.ts";
import { type Expression, ExpressionError, type Problem } from "../../src/expressions/syntax.ts";

/** Shows how an expression was understood: every operator with parentheses. */
function grouping(expression: Expression): string {
  switch (expression.kind) {
    case "binary":
      return `(${grouping(expression.left)} ${expression.operator} ${grouping(expression.right)})`;
    case "unary":
      return `(${expression.operator} ${grouping(expression.operand)})`;
    case "reference":
      return expression.name;
    default:
      return printExpression(expression);
  }
}

function problemOf(text: string): Problem {
  try {
    parseExpression(text);
  } catch (error) {
    assert.ok(error instanceof ExpressionError, String(error));
    const { message, start, end, suggestion } = error;
    return { message, start, end, ...(suggestion !== undefined && { suggestion }) };
  }
  assert.fail(`${text} was accepted`);
}

const A = `properties["a"]`;
const B = `properties["b"]`;
const C = `properties["c"]`;

describe("parseExpression", () => {
  const reference = [
    `properties["$browser"] == "Chrome"`,
    `properties["age"] > 18`,
    `properties["plan"] == "premium" and properties["active"] == true`,
    `properties["source"] == "web" or properties["source"] == "mobile"`,
    `properties["country"] in ["US", "CA", "UK"]`,
    `not properties["beta_user"]`,
    `defined(properties["email"])`,
    `not defined(properties["deleted_at"])`,
    `"premium" in properties["tags"]`,
    `properties["name"] contains "John"`,
    `properties["created"] > datetime(2024, 1, 1)`,
    `properties["account_id"] in [1, 2, 3, 4]`,
    `not "Face" in properties["ref"]`,
    `datetime(properties["p"]) >= datetime(NOW - 604800) and datetime(properties["p"]) < datetime(NOW)`,
    `event["$time"] >= datetime("2026-08-01T00:00:00")`,
    `datetime(1386972989 - 2592000) > properties["$last_seen"]`,
    `behaviors["bought"] > 0 and behaviors["signed_up"] == 0`,
    `number(properties["age"])`,
    `floor(properties["amount"] / 10)`,
    `user["$email"] == "a@x.io"`,
    `boolean(properties["p"]) == true`,
    `string(list(properties["p"]))`,
    `round(-properties["p"] % 2) != ceil(0.5)`,
  ];
  for (const text of reference) {
    it(`accepts ${text}`, () => assert.equal(printExpression(parseExpression(text)), text));
  }

  const groups: [string, string][] = [
    [`${A} or ${B} and ${C}`, "(a or (b and c))"],
    [`not ${A} == 1 and ${B}`, "((not (a == 1)) and b)"],
    [`not "x" in ${A}`, `(not ("x" in a))`],
    [`not not ${A}`, "(not (not a))"],
    [`${A} + ${B} * ${C} - 1`, "((a + (b * c)) - 1)"],
    [`${A} - ${B} - ${C}`, "((a - b) - c)"],
    [`-${A} * 2 > - 3`, "(((- a) * 2) > (- 3))"],
    [`(${A} or ${B}) and ${C}`, "((a or b) and c)"],
    [`${A}-1`, "(a - 1)"],
  ];
  for (const [text, expected] of groups) {
    it(`reads ${text} as ${expected}`, () => assert.equal(grouping(parseExpression(text)), expected));
  }

  it("does not care about white space between tokens", () => {
    const text = `  defined\n( properties [ "p" ] )and\tNOW>1 `;
    assert.equal(printExpression(parseExpression(text)), `defined(properties["p"]) and NOW > 1`);
  });

  it("understands escaped quotes and backslashes, and keeps other backslashes", () => {
    const literal = parseExpression(String.raw`"a\"b\\c\d"`);
    assert.equal(literal.kind === "literal" && literal.value, String.raw`a"b\c\d`);
  });

  it("keeps every digit of a large integer", () => {
    assert.equal(printExpression(parseExpression("1234567890123456789")), "1234567890123456789");
  });

  it("gives positions that include parentheses", () => {
    const text = `("é" in ${A}) and NOW > 1`;
    const expression = parseExpression(text);
    assert.ok(expression.kind === "binary");
    assert.equal(text.slice(expression.left.start, expression.left.end), `("é" in ${A})`);
    assert.equal(text.slice(expression.right.start, expression.right.end), "NOW > 1");
    assert.deepEqual([expression.start, expression.end], [0, text.length]);
  });

  const refused: [string, Problem][] = [
    ["", { message: "The expression is empty", start: 0, end: 0 }],
    [`${A} = 1`, { message: `Write "==" instead of "="`, start: 16, end: 17, suggestion: "==" }],
    [`${A} && ${B}`, { message: `Write "and" instead of "&&"`, start: 16, end: 18, suggestion: "and" }],
    [`!${A}`, { message: `Write "not" instead of "!"`, start: 0, end: 1, suggestion: "not " }],
    [`${A} AND ${B}`, { message: `Write "and" in lower case`, start: 16, end: 19, suggestion: "and" }],
    [`${A} == 'x'`, {
      message: "Text is written in straight double quotes",
      start: 19,
      end: 22,
      suggestion: `"x"`,
    }],
    ["NOW -604800", { message: `Put a space after "-"`, start: 4, end: 5, suggestion: "- " }],
    ["country", {
      message: `A property is written as properties["country"]`,
      start: 0,
      end: 7,
      suggestion: `properties["country"]`,
    }],
    [`(${A} == 1`, {
      message: `Expected ")" for the "(" at 1, the text ends`,
      start: 21,
      end: 21,
      suggestion: ")",
    }],
    [`${A})`, { message: `")" closes nothing`, start: 15, end: 16 }],
    [`${A} ==`, { message: "Expected a value, but the text ends", start: 18, end: 18 }],
    [`"open`, { message: "The text has no closing quote", start: 0, end: 5 }],
    [`${A} # 1`, { message: `Unexpected character "#"`, start: 16, end: 17 }],
    [`${A} ${B}`, { message: `Expected an operator before "properties"`, start: 16, end: 26 }],
    [`${A} adn ${B}`, { message: `Expected an operator before "adn"`, start: 16, end: 19, suggestion: "and" }],
    ["floor(1, 2)", { message: "floor() takes one value, not 2", start: 0, end: 11 }],
    ["1e999", { message: "The number 1e999 is too large", start: 0, end: 5 }],
    ["properties[]", {
      message: `Expected the property's name in double quotes, found "]"`,
      start: 11,
      end: 12,
    }],
  ];
  for (const [text, problem] of refused) {
    it(`refuses ${text || "an empty text"}: ${problem.message}`, () => assert.deepEqual(problemOf(text), problem));
  }

  it("refuses a property after a dot, in the wrong brackets, or without quotes", () => {
    for (const text of ["properties.a", `properties("a")`, "properties[a]", `property["a"]`]) {
      const { start, end, suggestion } = problemOf(text);
      assert.equal(text.slice(0, start) + suggestion + text.slice(end), A);
    }
  });

  it("accepts chains of thousands of conditions", () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `${A} == ${index}`).join(" or ");
    assert.equal(printExpression(parseExpression(text)), text);
  });

  it("refuses what is nested too deeply, whatever it is nested in", () => {
    for (const deep of ["(", "-", "not ", "[", "floor("]) {
      assert.match(problemOf(deep.repeat(100_000) + "1").message, /nested too deeply/);
    }
    assert.match(problemOf(`1${" + 1".repeat(100_000)}`).message, /nested too deeply/);
    assert.match(problemOf(`1${" and (1".repeat(100_000)}`).message, /nested too deeply/);
  });
});

describe("texts that a program has quoted as JSON", () => {
  const read = (text: string) => parseTolerantly(`properties[${text}]`);

  it("are read as JSON reads them, and reported with what to write instead", () => {
    for (
      const text of ["São Paulo", "tab\there", "two\nlines", "ключ", "a/b", "bell\u0007", "\u{1f600}"]
    ) {
      const json = JSON.stringify(text).replace(
        /[^ -~]/g,
        (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, "0")}`,
      )
        .replace("/", "\\/");
      const { expression, problems } = read(json);
      assert.ok(expression?.kind === "reference");
      assert.equal(expression.name, text);
      assert.equal(problems.length, 1, json);
      assert.equal(read(problems[0]!.suggestion!).problems.length, 0);
      assert.throws(() => parseExpression(`properties[${json}]`), /Expressions have no \\/);
    }
  });

  it("leave alone what JSON does not know, and backslashes that are escaped themselves", () => {
    for (const [text, name] of [['"\\d+"', "\\d+"], ['"C:\\\\new"', "C:\\new"], ['"\\u00g"', "\\u00g"]] as const) {
      const { expression, problems } = read(text);
      assert.deepEqual([expression?.kind === "reference" && expression.name, problems], [name, []]);
    }
  });
});
