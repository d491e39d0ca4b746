/**
 * From an expression to the conditions that Mixpanel's reports can hold: a property beside a fixed value, all joined by
 * `and`, or all by `or`. What they cannot say is refused at its place, with the nearest form that they can.
 */
import { parseExpression } from "../expressions/parse.ts";
import { printExpression } from "../expressions/print.ts";
import {
  type Binary,
  chainOf,
  type ComparisonOperator,
  type Expression,
  ExpressionError,
  isComparison,
  isLogical,
  type Reference,
  type Unary,
} from "../expressions/syntax.ts";
import { expressionOfTests } from "./expression_of_tests.ts";
import { fixedValueOf, isIsoDay, literalDay } from "./fixed_values.ts";
import {
  type Amount,
  type Check,
  daysAfter,
  type NumberOperator,
  type Test,
  type TestedProperty,
  type Tests,
} from "./filter_grammar.ts";

/**
 * The conditions of an expression.
 *
 * @throws ExpressionError for what a report cannot say, at its place; the suggestion replaces that place.
 */
export function testsOfExpression(text: string): Tests {
  return testsOf(parseExpression(text));
}

/** What holds for the report as a whole, joined by `and`, and what each of its events has, joined by `or`. */
export interface SplitConditions {
  all?: string;
  each?: string;
}

/**
 * The conditions of an expression for the two places that a report has for them: `(a or b) and c` is `c` for all of it,
 * and `a or b` for each event.
 *
 * @throws ExpressionError for what a report cannot say, such as two `or`s.
 */
export function splitConditions(text: string): SplitConditions {
  const parts = flatChain(parseExpression(text), "and").map((part) => ({ part, tests: testsOf(part) }));
  const [choice, second] = parts.filter(({ tests }) => tests.any);
  if (second !== undefined) throw refusal(second.part, `A report has one "or" beside what is joined by "and"`);
  const all = parts.flatMap(({ tests }) => tests.any ? [] : tests.tests);
  return {
    ...(all.length > 0 && { all: expressionOfTests({ any: false, tests: all }) }),
    ...(choice !== undefined && { each: expressionOfTests(choice.tests) }),
  };
}

function testsOf(expression: Expression): Tests {
  const parts = flatChain(expression, "or");
  const whole = oneTest(expression);
  if (whole !== undefined) return { any: false, tests: [whole] };
  if (parts.length > 1) return { any: true, tests: parts.flatMap(alternatives) };
  if (isNumberList(expression)) return { any: true, tests: alternatives(expression) };
  return { any: false, tests: flatChain(expression, "and").map((part) => oneTest(part) ?? refuseWithin(part, "or")) };
}

/** One part of an `or`: a condition, a range, or a list of numbers, which is an `or` itself. */
function alternatives(part: Expression): Test[] {
  if (isNumberList(part)) {
    const property = propertyOf(part.left)!;
    return (part.right as Expression & { kind: "list" }).items.map((item) =>
      numberTest(property, "==", fixedValueOf(item) as Amount)
    );
  }
  return [oneTest(part) ?? refuseWithin(part, "and")];
}

function refuseWithin(part: Expression, operator: "and" | "or"): never {
  if (part.kind === "binary" && isLogical(part.operator)) {
    throw refusal(
      part,
      `A report joins conditions all by "and" or all by "or": this "${operator}" stands within the other`,
    );
  }
  throw refusal(part, "A report compares a property with a fixed value");
}

/** The condition that an expression is; undefined for a chain of several. Throws for what is none. */
function oneTest(expression: Expression): Test | undefined {
  if (expression.kind !== "binary" || !isLogical(expression.operator)) {
    return isNumberList(expression) ? undefined : simpleTest(expression);
  }
  const parts = flatChain(expression, expression.operator);
  return expression.operator === "or" ? oneOf(parts) ?? outside(parts) : within(parts);
}

/** `p == "a" or p == "b"`. */
function oneOf(parts: readonly Expression[]): Test | undefined {
  const tests = parts.map(tryTest);
  const texts = tests.flatMap((test) => test?.is === "one_of" ? test.texts : []);
  const [first] = tests;
  return first?.is === "one_of" && tests.every((test) => test?.is === "one_of" && isSameProperty(test, first))
    ? { property: first.property, is: "one_of", texts }
    : undefined;
}

/** `p < 1 or p > 5`. */
function outside(parts: readonly Expression[]): Test | undefined {
  const [low, high] = parts.map(tryTest);
  if (parts.length !== 2 || !isCompared(low, "<") || !isCompared(high, ">") || !isSameProperty(low!, high!)) {
    return undefined;
  }
  return { property: low!.property, is: "outside", from: low!.number, to: high!.number };
}

/** `p >= 1 and p <= 5`, and the same of days. */
function within(parts: readonly Expression[]): Test | undefined {
  const [low, high] = parts.map(tryTest);
  if (parts.length !== 2 || low === undefined || high === undefined || !isSameProperty(low, high)) return undefined;
  if (isCompared(low, ">=") && isCompared(high, "<=")) {
    return { property: low.property, is: "within", from: low.number, to: high.number };
  }
  if (low.is !== "since" || high.is !== "before" || low.day >= high.day) return undefined;
  return { property: low.property, is: "days", from: low.day, to: daysAfter(high.day, -1) };
}

type Compared = Test & { is: "compared" };
const isCompared = (test: Test | undefined, operator: NumberOperator): test is Compared =>
  test?.is === "compared" && test.operator === operator;

/** The test of a part, where it is a simple one; its faults are told where it is read for itself. */
function tryTest(part: Expression): Test | undefined {
  if ((part.kind === "binary" && isLogical(part.operator)) || isNumberList(part)) return undefined;
  try {
    return simpleTest(part);
  } catch (error) {
    // expected: what a report cannot say, which the caller finds again
    if (error instanceof ExpressionError) return undefined;
    throw error;
  }
}

/** The condition that an expression alone is. Throws ExpressionError for what a report cannot say. */
export function simpleTest(expression: Expression): Test {
  if (expression.kind === "reference") return { property: tested(expression), is: "true" };
  if (expression.kind === "call" && expression.name === "defined") {
    const [inner] = expression.args;
    return { property: tested(requireReference(inner!)), is: "set" };
  }
  if (expression.kind === "unary" && expression.operator === "not") return negated(expression);
  if (expression.kind === "binary" && isComparison(expression.operator)) return compared(expression);
  throw refusal(expression, "A report compares a property with a fixed value");
}

/** What is missing passes a `not`, as it passes "does not equal" and "does not contain". */
function negated({ operand, start, end }: Unary): Test {
  const span = { start, end };
  if (operand.kind === "reference") {
    throw refusal(
      span,
      "A report can ask for false, but not for what is not true",
      `${printExpression(operand)} == false`,
    );
  }
  if (operand.kind === "binary" && isLogical(operand.operator)) {
    const other = operand.operator === "and" ? " or " : " and ";
    const parts = flatChain(operand, operand.operator).map((part) =>
      printExpression({ kind: "unary", operator: "not", operand: part, ...span })
    );
    throw refusal(span, `A report negates single conditions`, `(${parts.join(other)})`);
  }
  const test = simpleTest(operand);
  const opposite = OPPOSITES[test.is];
  if (opposite !== undefined) return { ...test, is: opposite } as Test;
  if (test.is === "compared" && (test.operator === "==" || test.operator === "!=")) {
    return { ...test, operator: test.operator === "==" ? "!=" : "==" };
  }
  if (operand.kind === "binary" && Object.hasOwn(INVERSE, operand.operator)) {
    const nearest = { ...operand, operator: INVERSE[operand.operator as keyof typeof INVERSE] };
    throw refusal(
      span,
      "A report has no such negation; the nearest leaves out events without the property",
      printExpression(nearest),
    );
  }
  throw refusal(span, "A report cannot negate this");
}

const OPPOSITES: Partial<Record<Check["is"], Check["is"]>> = {
  set: "unset",
  unset: "set",
  one_of: "none_of",
  none_of: "one_of",
  with: "without",
  without: "with",
};
const INVERSE = { ">": "<=", "<=": ">", ">=": "<", "<": ">=" } as const;
const FLIPPED = { "==": "==", "!=": "!=", ">": "<", "<": ">", ">=": "<=", "<=": ">=" } as const;

function compared(expression: Binary): Test {
  const operator = expression.operator as ComparisonOperator;
  const { left, right } = expression;
  if (operator === "in" || operator === "contains") {
    const [item, container] = operator === "in" ? [left, right] : [right, left];
    return membership(item, container, expression);
  }
  const property = propertyOf(left);
  if (property !== undefined) return comparison(expression, left, operator, right);
  if (propertyOf(right) !== undefined) return comparison(expression, right, FLIPPED[operator], left);
  return refuseSides(expression);
}

function comparison(
  expression: Binary,
  reference: Expression,
  operator: keyof typeof FLIPPED,
  fixed: Expression,
): Test {
  const property = propertyOf(reference)!;
  const value = fixedValueOf(fixed);
  const shown = printExpression(reference);
  if (typeof value === "number" || typeof value === "bigint") return numberTest(property, operator, value);
  if (typeof value === "boolean") {
    if (operator === "==") return { property, is: value ? "true" : "false" };
    throw refusal(expression, "A report asks whether a property is true or false", `${shown} == ${!value}`);
  }
  if (typeof value === "string") {
    if (operator === "==") return { property, is: "one_of", texts: [value] };
    if (operator === "!=") return { property, is: "none_of", texts: [value] };
    const nearest = isIsoDay(value) ? nearestDay(shown, operator, value) : undefined;
    throw refusal(expression, "A report does not order texts, only numbers and days", nearest);
  }
  const day = literalDay(fixed);
  if (day !== undefined) return dayTest(expression, property, shown, operator, day);
  return refuseSides(expression);
}

const numberTest = (property: TestedProperty, operator: NumberOperator, number: Amount): Test => ({
  property,
  is: "compared",
  operator,
  number,
});

function dayTest(
  expression: Binary,
  property: TestedProperty,
  shown: string,
  operator: keyof typeof FLIPPED,
  { day, isWhole }: { day: string; isWhole: boolean },
): Test {
  const nearest = nearestDay(shown, operator, day);
  if (!isWhole) throw refusal(expression, "A report compares with whole days", nearest);
  if (operator === ">=") return { property, is: "since", day };
  if (operator === "<") return { property, is: "before", day };
  throw refusal(expression, `A report asks whether a time is before a day (<), or not (>=)`, nearest);
}

/** What a report can say of a day, in place of a comparison with its midnight. */
function nearestDay(shown: string, operator: keyof typeof FLIPPED, day: string): string {
  const at = (relation: string, one: string) => `${shown} ${relation} datetime("${one}")`;
  switch (operator) {
    case ">=":
    case ">":
      return at(">=", day);
    case "<":
    case "!=":
      return at("<", day);
    case "<=":
      return at("<", daysAfter(day, 1));
    case "==":
      return `${at(">=", day)} and ${at("<", daysAfter(day, 1))}`;
  }
}

function membership(item: Expression, container: Expression, expression: Binary): Test {
  const text = fixedValueOf(item);
  const within = propertyOf(container);
  if (within !== undefined && typeof text === "string") return { property: within, is: "with", text };
  const property = propertyOf(item);
  if (property !== undefined && container.kind === "list" && container.items.length > 0) {
    const texts = container.items.map(fixedValueOf);
    if (texts.every((one) => typeof one === "string")) return { property, is: "one_of", texts };
  }
  throw refusal(expression, "A report looks for a text in a property, or for a property in a list of texts");
}

/** `p in [1, 2]`: an `or`, since a report compares a number with one other. */
function isNumberList(expression: Expression): expression is Binary {
  if (expression.kind !== "binary" || expression.operator !== "in" || expression.right.kind !== "list") return false;
  const { items } = expression.right;
  return propertyOf(expression.left) !== undefined && items.length > 0 &&
    items.every((item) => ["number", "bigint"].includes(typeof fixedValueOf(item)));
}

/** The property of an operand; a cast leaves it what it is. */
function propertyOf(operand: Expression): TestedProperty | undefined {
  return operand.kind === "reference" && operand.source !== "behaviors" ? tested(operand) : undefined;
}

function tested(reference: Reference): TestedProperty {
  if (reference.source === "behaviors") {
    throw refusal(reference, "A report has no behaviors: they are for 'mp profiles list'");
  }
  return { name: reference.name, source: reference.source === "user" ? "people" : "events" };
}

function requireReference(operand: Expression): Reference {
  if (operand.kind === "reference") return operand;
  throw refusal(operand, "A report can only ask whether a property is set");
}

function refuseSides(expression: Binary): never {
  const { left, right } = expression;
  for (const side of [left, right]) if (side.kind === "reference") tested(side);
  for (const [side, other] of [[left, right], [right, left]] as const) {
    const [inner] = side.kind === "call" ? side.args : [];
    if (side.kind !== "call" || inner?.kind !== "reference" || side.name === "defined") continue;
    const plain = (one: Expression) => printExpression(one === side ? inner : one);
    const nearest = fixedValueOf(other) === undefined && literalDay(other) === undefined
      ? undefined
      : `${plain(left)} ${expression.operator} ${plain(right)}`;
    throw refusal(expression, `A report compares the property itself, and not ${side.name}(…) of it`, nearest);
  }
  if (propertyOf(left) !== undefined && propertyOf(right) !== undefined) {
    throw refusal(expression, "A report compares a property with a fixed value, and not with another property");
  }
  throw refusal(expression, "A report compares a property with a fixed value, and does not calculate");
}

/** The operands of a chain of one operator, in whatever way they are put in parentheses. */
function flatChain(expression: Expression, operator: "and" | "or"): Expression[] {
  if (expression.kind !== "binary" || expression.operator !== operator) return [expression];
  return chainOf(expression).flatMap((part) => flatChain(part, operator));
}

function isSameProperty(one: Test, other: Test): boolean {
  return one.property.name === other.property.name && one.property.source === other.property.source;
}

function refusal(
  { start, end }: { start: number; end: number },
  message: string,
  suggestion?: string,
): ExpressionError {
  return new ExpressionError({ message, start, end, suggestion });
}
