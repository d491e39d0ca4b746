import { printExpression, quote } from "./print.ts";
import { type Binary, chainOf, type Expression, type FunctionCall, isLogical, type Reference } from "./syntax.ts";

/** An expression in words: a sentence, and below it the sentences that it is made of. */
export interface Explanation {
  text: string;
  parts: Explanation[];
}

const COMPARISONS: Record<string, string> = {
  "==": "is",
  "!=": "is not",
  ">": "is more than",
  ">=": "is at least",
  "<": "is less than",
  "<=": "is at most",
};

const ARITHMETIC: Record<string, string> = {
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "divided by",
  "%": "modulo",
};

/** Says in words what an expression means, and what it does where a property is missing. */
export function explainExpression(expression: Expression): Explanation {
  if (expression.kind === "binary" && isLogical(expression.operator)) {
    const text = expression.operator === "and" ? "all of these hold" : "at least one of these holds";
    return { text, parts: chainOf(expression).map(explainExpression) };
  }
  if (expression.kind === "unary" && expression.operator === "not") return explainNot(expression.operand);
  if (isCondition(expression)) return leaf(conditionOf(expression));
  return leaf(valueOf(expression));
}

function explainNot(operand: Expression): Explanation {
  if (operand.kind === "call" && operand.name === "defined") return leaf(`${valueOf(operand.args[0])} is missing`);
  if (operand.kind === "reference") return leaf(`${valueOf(operand)} is false or missing`);
  return { text: "this does not hold, or cannot be told", parts: [explainExpression(operand)] };
}

/** The sentences as lines, each part indented below the whole. */
export function explanationLines({ text, parts }: Explanation, depth = 0): string[] {
  return [
    `${"  ".repeat(depth)}${depth === 0 ? "" : "- "}${text}`,
    ...parts.flatMap((part) => explanationLines(part, depth + 1)),
  ];
}

function leaf(text: string): Explanation {
  return { text, parts: [] };
}

function isCondition(expression: Expression): expression is Binary | FunctionCall {
  if (expression.kind === "call") return expression.name === "defined";
  return expression.kind === "binary" && (expression.operator in COMPARISONS || expression.operator === "in" ||
    expression.operator === "contains");
}

function conditionOf(expression: Binary | FunctionCall): string {
  if (expression.kind === "call") return `${valueOf(expression.args[0])} is there`;
  const { operator, left, right } = expression;
  if (operator === "in") return membership(left, right);
  if (operator === "contains") return membership(right, left);
  const sentence = `${valueOf(left)} ${COMPARISONS[operator]} ${valueOf(right)}`;
  const missing = [left, right].some((operand) => operand.kind === "reference");
  return operator === "!=" && missing ? `${sentence}, or missing` : sentence;
}

function membership(item: Expression, container: Expression): string {
  if (container.kind === "list") return `${valueOf(item)} is one of ${container.items.map(valueOf).join(", ")}`;
  return `${valueOf(container)} contains ${valueOf(item)}, as a part of its text or in its list`;
}

function valueOf(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? quote(expression.value) : String(expression.value);
    case "now":
      return "now (in seconds)";
    case "list":
      return `the list ${expression.items.map(valueOf).join(", ")}`;
    case "reference":
      return referenceOf(expression);
    case "call":
      return callOf(expression);
    case "unary":
      return expression.operator === "-" ? `minus ${operandOf(expression.operand)}` : printExpression(expression);
    case "binary": {
      const word = ARITHMETIC[expression.operator];
      if (word === undefined) return `whether ${printExpression(expression)}`;
      return `${operandOf(expression.left)} ${word} ${operandOf(expression.right)}`;
    }
  }
}

/** Nested arithmetic keeps its parentheses. */
function operandOf(expression: Expression): string {
  return expression.kind === "binary" ? `(${valueOf(expression)})` : valueOf(expression);
}

/** A name that would not be seen among the words around it stands in quotes. */
function referenceOf({ source, name: bare }: Reference): string {
  const name = bare.trim() === "" ? quote(bare) : bare;
  switch (source) {
    case "properties":
      return name;
    case "user":
      return `the user's ${name}`;
    case "behaviors":
      return `how often ${quote(bare)} was done`;
    case "event":
      return name === "$time" || name === "time" ? "the event's time" : `the event's ${name}`;
  }
}

function callOf({ name, args }: FunctionCall): string {
  const values = args.map(operandOf);
  const [value] = values;
  switch (name) {
    case "floor":
      return `${value} rounded down`;
    case "ceil":
      return `${value} rounded up`;
    case "round":
      return `${value} rounded`;
    case "number":
      return `${value} as a number`;
    case "string":
      return `${value} as text`;
    case "boolean":
      return `${value} as true or false`;
    case "list":
      return `${value} as a list`;
    case "defined":
      return `whether ${value} is there`;
    case "datetime":
      return args.length > 1 ? `the time ${values.join("-")}` : `the time ${value}`;
  }
}
