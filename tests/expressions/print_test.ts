import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { parseExpression } from "../../src/expressions/parse.ts";
import { printExpression } from "../../src/expressions/print.ts";
import { arbitraryExpression, withoutSpans } from "./arbitrary_expression.ts";

describe("printExpression", () => {
  it("prints what parses to the same expression", () => {
    fc.assert(
      fc.property(arbitraryExpression, (expression) => {
        assert.deepEqual(withoutSpans(parseExpression(printExpression(expression))), withoutSpans(expression));
      }),
      { numRuns: 500 },
    );
  });

  it("prints no parentheses that could be left out", () => {
    fc.assert(
      fc.property(arbitraryExpression, (expression) => {
        const text = printExpression(expression);
        for (const [open, close] of parenthesesIn(text)) {
          const without = text.slice(0, open) + " " + text.slice(open + 1, close) + " " + text.slice(close + 1);
          assert.ok(!sameMeaning(without, text), `${text} means the same as ${without}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  it("keeps the parentheses that the meaning needs, and no others", () => {
    const text = `((properties["a"]) or (properties["b"])) and (not ((properties["c"]) == (1)))`;
    const expected = `(properties["a"] or properties["b"]) and not properties["c"] == 1`;
    assert.equal(printExpression(parseExpression(text)), expected);
  });

  it("prints a negated negation so that it reads as two", () => {
    assert.equal(printExpression(parseExpression("-(-5)")), "- -5");
  });
});

/** Pairs of parentheses that are no function's and not inside of text. */
function parenthesesIn(text: string): [number, number][] {
  const pairs: [number, number][] = [];
  const open: number[] = [];
  for (let position = 0; position < text.length; position++) {
    const character = text[position];
    if (character === '"') {
      for (position++; text[position] !== '"'; position++) if (text[position] === "\\") position++;
    } else if (character === "(") open.push(position);
    else if (character === ")") pairs.push([open.pop()!, position]);
  }
  return pairs.filter(([start]) => !/\w/.test(text[start - 1] ?? ""));
}

function sameMeaning(one: string, other: string): boolean {
  try {
    return JSON.stringify(withoutSpans(parseExpression(one))) === JSON.stringify(withoutSpans(parseExpression(other)));
  } catch {
    return false;
  }
}
