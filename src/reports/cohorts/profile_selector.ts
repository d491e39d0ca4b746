/**
 * Expressions on profiles as selectors of cohorts, `{"property": "user", "value": "plan", "operator": "==", …}`, joined by
 * `and` and `or`, which nest. What a selector cannot say is refused at its place.
 */
import { parseExpression } from "../../expressions/parse.ts";
import { printExpression, quote } from "../../expressions/print.ts";
import { chainOf, type Expression, ExpressionError, isLogical, walk } from "../../expressions/syntax.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { Test } from "../filter_grammar.ts";
import { fixedValueOf } from "../fixed_values.ts";
import type { Json } from "../report.ts";
import { simpleTest } from "../tests_of_expression.ts";

/**
 * The selector of an expression on profiles: a condition, or a node of several.
 *
 * @throws ExpressionError for what a cohort cannot say.
 */
export function profileSelector(where: string): Json {
  const expression = parseExpression(where);
  const ofEvent = [...walk(expression)].find((part) => part.kind === "reference" && part.source === "event");
  if (ofEvent !== undefined) throw refusal(ofEvent, "A cohort is made of profiles, which have no event");
  return nodeOf(expression);
}

/** The expression of a selector; undefined for one that says more than the language can. */
export function profileExpression(node: unknown): string | undefined {
  if (!isObject(node)) return undefined;
  if (!Array.isArray(node.children)) return leafExpression(node);
  const { operator } = node;
  if (operator !== "and" && operator !== "or") return undefined;
  const merged = boundExpression(node);
  if (merged !== undefined) return merged;
  const parts = node.children.map(profileExpression);
  if (parts.length === 0 || parts.some((part) => part === undefined)) return undefined;
  const text = parts.map((part) => `(${part})`).join(` ${operator} `);
  // Once through the parser, so that only the parentheses that are needed remain.
  return printExpression(parseExpression(text));
}

/** A node of several; those of the same operator within it become parts of it. */
function node(operator: "and" | "or", parts: Json[]): Json {
  if (parts.length === 1) return parts[0]!;
  return {
    operator,
    children: parts.flatMap((part) =>
      Array.isArray(part.children) && part.operator === operator ? part.children as Json[] : [part]
    ),
  };
}

function nodeOf(expression: Expression): Json {
  if (expression.kind === "binary" && isLogical(expression.operator)) {
    return node(expression.operator, chainOf(expression).map(nodeOf));
  }
  const numbers = numberList(expression);
  if (numbers !== undefined) {
    return node("or", numbers.operands.map((operand) => leaf(numbers.name, "==", operand, "number")));
  }
  return testSelector(expression);
}

/** `p in [1, 2]`. */
function numberList(expression: Expression): { name: string; operands: unknown[] } | undefined {
  if (expression.kind !== "binary" || expression.operator !== "in" || expression.right.kind !== "list") {
    return undefined;
  }
  const { left, right } = expression;
  const operands = right.items.map(fixedValueOf);
  if (left.kind !== "reference" || operands.length === 0) return undefined;
  return operands.every((one) => typeof one === "number" || typeof one === "bigint")
    ? { name: left.name, operands }
    : undefined;
}

function testSelector(expression: Expression): Json {
  const test = conditionOf(expression);
  const { name } = test.property;
  switch (test.is) {
    case "set":
      return leaf(name, "defined", "", "string");
    case "unset":
      return leaf(name, "not defined", "", "string");
    case "true":
    case "false":
      return leaf(name, "==", test.is === "true", "boolean");
    case "one_of":
      return node("or", test.texts.map((text) => leaf(name, "==", text, "string")));
    case "none_of":
      return node("and", test.texts.map((text) => leaf(name, "!=", text, "string")));
    case "with":
      return leaf(name, "in", test.text, "string");
    case "without":
      return leaf(name, "not in", test.text, "string");
    case "compared":
      return compared(name, test.operator, test.number);
    default:
      throw refusal(expression, "How Mixpanel's cohorts compare days is not known: give the selector with --data");
  }
}

/** Selectors have no `>=` and `<=`: they are two conditions. */
function compared(name: string, operator: string, number: unknown): Json {
  if (operator !== ">=" && operator !== "<=") return leaf(name, operator, number, "number");
  return node("or", [leaf(name, operator.slice(0, 1), number, "number"), leaf(name, "==", number, "number")]);
}

const leaf = (value: string, operator: string, operand: unknown, type: string): Json => ({
  property: "user",
  value,
  operator,
  operand,
  type,
});

function conditionOf(expression: Expression): Test {
  try {
    return simpleTest(expression);
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { start, end, suggestion } = error;
    throw new ExpressionError({ message: error.message.replace(/^A report/, "A cohort"), start, end, suggestion });
  }
}

function refusal({ start, end }: Expression, message: string): ExpressionError {
  return new ExpressionError({ message, start, end });
}

/** `>` or `==` of the same number. */
function boundExpression({ operator, children }: Json): string | undefined {
  const [first, second, ...others] = children as unknown[];
  if (operator !== "or" || others.length > 0 || !isObject(first) || !isObject(second)) return undefined;
  const isBound = (first.operator === ">" || first.operator === "<") && second.operator === "==" &&
    ["property", "value", "operand", "type"].every((key) => first[key] === second[key]);
  return isBound ? leafExpression({ ...first, operator: `${first.operator}=` }) : undefined;
}

function leafExpression({ property, value, operator, operand, type, ...more }: Json): string | undefined {
  if (property !== "user" || typeof value !== "string" || Object.keys(more).length > 0) return undefined;
  const name = `properties[${quote(value)}]`;
  if (operator === "defined") return `defined(${name})`;
  if (operator === "not defined") return `not defined(${name})`;
  if (type === "datetime" || type === "list") return undefined;
  const shown = typeof operand === "string"
    ? quote(operand)
    : ["number", "bigint", "boolean"].includes(typeof operand)
    ? String(operand)
    : undefined;
  if (shown === undefined) return undefined;
  if (operator === "in") return `${shown} in ${name}`;
  if (operator === "not in") return `not ${shown} in ${name}`;
  return ["==", "!=", ">", "<", ">=", "<="].includes(String(operator)) ? `${name} ${operator} ${shown}` : undefined;
}
