import { type Binary, chainOf, type Expression, isComparison, isLogical, PRECEDENCE } from "./syntax.ts";

/** Binds tighter than every operator: literals, references, calls. */
const ATOM = 8;

/**
 * Prints an expression in its usual form: double quotes, single spaces, and only the parentheses that its meaning
 * needs. Parsing the result gives the same expression.
 */
export function printExpression(expression: Expression): string {
  switch (expression.kind) {
    case "literal":
      return typeof expression.value === "string" ? quote(expression.value) : String(expression.value);
    case "now":
      return "NOW";
    case "reference":
      return `${expression.source}[${quote(expression.name)}]`;
    case "list":
      return `[${expression.items.map(printExpression).join(", ")}]`;
    case "call":
      return `${expression.name}(${expression.args.map(printExpression).join(", ")})`;
    case "unary":
      return printUnary(expression.operator, expression.operand);
    case "binary":
      return printBinary(expression);
  }
}

/** A string literal. Only quotes and backslashes have escapes that are known to be understood. */
export function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, "\\$&")}"`;
}

function printUnary(operator: "-" | "not", operand: Expression): string {
  if (operator === "not") return `not ${printAtLeast(operand, PRECEDENCE.not)}`;
  const text = printAtLeast(operand, PRECEDENCE.negation);
  return text.startsWith("-") ? `- ${text}` : `-${text}`;
}

function printBinary(expression: Binary): string {
  const { operator, left, right } = expression;
  const precedence = PRECEDENCE[operator];
  if (isLogical(operator)) {
    const [first, ...rest] = chainOf(expression);
    const parts = [printAtLeast(first, precedence), ...rest.map((part) => printAtLeast(part, precedence + 1))];
    return parts.join(` ${operator} `);
  }
  // Comparisons don't chain: `a < b < c` would not mean what it looks like.
  const leftText = printAtLeast(left, isComparison(operator) ? precedence + 1 : precedence);
  return `${leftText} ${operator} ${printAtLeast(right, precedence + 1)}`;
}

function printAtLeast(expression: Expression, precedence: number): string {
  const text = printExpression(expression);
  return precedenceOf(expression) < precedence ? `(${text})` : text;
}

function precedenceOf(expression: Expression): number {
  if (expression.kind === "binary") return PRECEDENCE[expression.operator];
  if (expression.kind === "unary") return expression.operator === "not" ? PRECEDENCE.not : PRECEDENCE.negation;
  return ATOM;
}
