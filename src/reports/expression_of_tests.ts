/** The expression of conditions, in its one usual form. */
import { quote } from "../expressions/print.ts";
import { daysAfter, type Test, type Tests } from "./filter_grammar.ts";

/** Conditions as an expression that `testsOfExpression` reads as the same; undefined where there are none. */
export function expressionOfTests({ any, tests }: Tests): string | undefined {
  if (tests.length === 0) return undefined;
  const isOnlyOne = tests.length === 1;
  const parts = tests.map((test) => {
    const text = expressionOf(test);
    const joint = any ? " and " : " or ";
    return !isOnlyOne && JOINED.get(test.is) === joint ? `(${text})` : text;
  });
  return parts.join(any ? " or " : " and ");
}

/** Conditions that are two comparisons. */
const JOINED: ReadonlyMap<Test["is"], string> = new Map([
  ["within", " and "],
  ["days", " and "],
  ["outside", " or "],
]);

function expressionOf(test: Test): string {
  const property = `${test.property.source === "people" ? "user" : "properties"}[${quote(test.property.name)}]`;
  const day = (operator: string, one: string) => `${property} ${operator} datetime("${one}")`;
  switch (test.is) {
    case "set":
      return `defined(${property})`;
    case "unset":
      return `not defined(${property})`;
    case "true":
    case "false":
      return `${property} == ${test.is}`;
    case "one_of":
      return test.texts.length === 1
        ? `${property} == ${quote(test.texts[0]!)}`
        : `${property} in ${listOf(test.texts)}`;
    case "none_of":
      return test.texts.length === 1
        ? `${property} != ${quote(test.texts[0]!)}`
        : `not ${property} in ${listOf(test.texts)}`;
    case "with":
      return `${quote(test.text)} in ${property}`;
    case "without":
      return `not ${quote(test.text)} in ${property}`;
    case "compared":
      return `${property} ${test.operator} ${test.number}`;
    case "within":
      return `${property} >= ${test.from} and ${property} <= ${test.to}`;
    case "outside":
      return `${property} < ${test.from} or ${property} > ${test.to}`;
    case "since":
      return day(">=", test.day);
    case "before":
      return day("<", test.day);
    case "days":
      return `${day(">=", test.from)} and ${day("<", daysAfter(test.to, 1))}`;
  }
}

const listOf = (texts: readonly string[]): string => `[${texts.map(quote).join(", ")}]`;
