import { nearMiss } from "./near_miss.ts";
import { printExpression } from "./print.ts";
import { type OperandParser, parseNamed } from "./parse_names.ts";
import {
  type Binary,
  type BinaryOperator,
  type Expression,
  ExpressionError,
  isComparison,
  isLogical,
  partsOf,
  PRECEDENCE,
  type Problem,
  type Span,
} from "./syntax.ts";
import { describeToken, type ProblemSink, type Token, tokenize } from "./tokens.ts";

/** Deeper than anybody writes, and shallow enough for every runtime's call stack. */
const MAX_DEPTH = 200;

const NULL_NAMES = new Set(["null", "none", "nil", "undefined"]);
const WORD_OPERATORS = ["and", "or", "not", "in", "contains"];

/**
 * Parses an expression of the segmentation language. Throws {@linkcode ExpressionError} at the first thing that
 * Mixpanel is not known to understand, with what to write instead where that is clear.
 */
export function parseExpression(text: string): Expression {
  return new Parser(text, (problem) => {
    throw new ExpressionError(problem);
  }).parse();
}

/**
 * Parses as far as the meaning is clear, and reports everything that is not written as Mixpanel wants it. The
 * expression is what was meant; it is missing when the text could not be understood.
 */
export function parseTolerantly(text: string): { expression?: Expression; problems: Problem[] } {
  const problems: Problem[] = [];
  try {
    return { expression: new Parser(text, (problem) => problems.push(problem)).parse(), problems };
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    const { message, start, end, suggestion } = error;
    problems.push({ message, start, end, ...(suggestion !== undefined && { suggestion }) });
    return { problems };
  }
}

/** A Pratt parser: operators are bound by {@linkcode PRECEDENCE}, and every habit of other languages is met by name. */
class Parser implements OperandParser {
  readonly report: ProblemSink;
  readonly #text: string;
  readonly #tokens: Token[];
  readonly #depths = new WeakMap<Expression, number>();
  readonly #parenthesised = new WeakSet<Expression>();
  #position = 0;
  #nesting = 0;

  constructor(text: string, report: ProblemSink) {
    this.#text = text;
    this.report = report;
    this.#tokens = tokenize(text, report);
  }

  parse(): Expression {
    if (this.peek().kind === "end") throw this.problem("The expression is empty", this.peek());
    const expression = this.parseOperators(0);
    const rest = this.peek();
    if (rest.kind === "end") return expression;
    if (rest.text === ")" || rest.text === "]") throw this.problem(`"${rest.text}" closes nothing`, rest);
    throw this.problem(`Expected an operator before ${describeToken(rest)}`, rest, this.#nearOperator(rest));
  }

  /** Parses an operand and the operators after it that bind at least as tightly as `minimum`. */
  parseOperators(minimum: number): Expression {
    if (++this.#nesting > MAX_DEPTH) throw this.problem("The expression is nested too deeply", this.peek());
    let left = this.#parseOperand(minimum);
    for (;;) {
      const token = this.peek();
      const operator = this.#operatorAt(token);
      if (operator === undefined || PRECEDENCE[operator] < minimum) break;
      left = this.#parseBinary(left, operator, minimum);
    }
    this.#nesting--;
    return left;
  }

  /** Parses `x, y, …` up to and including the closing bracket. */
  parseItems(closing: ")" | "]", opening: Token): Expression[] {
    const items: Expression[] = [];
    if (this.accept(closing)) return items;
    do items.push(this.parseOperators(0)); while (this.accept(","));
    this.expect(closing, opening);
    return items;
  }

  /** The next token, or one relative to it: -1 is the last one taken. Before the first and after the last, the end. */
  peek(ahead = 0): Token {
    return this.#tokens[this.#position + ahead] ?? this.#tokens[this.#tokens.length - 1];
  }

  next(): Token {
    const token = this.peek();
    this.#position++;
    return token;
  }

  isAtOperator(): boolean {
    return this.#operatorAt(this.peek()) !== undefined;
  }

  /** The text as it was typed. */
  slice(start: number, end: number): string {
    return this.#text.slice(start, end);
  }

  accept(symbol: string): boolean {
    const token = this.peek();
    if (token.kind !== "symbol" || token.text !== symbol) return false;
    this.#position++;
    return true;
  }

  /** Takes a closing bracket. Returns the position after it. */
  expect(symbol: string, opening: Token): number {
    const token = this.peek();
    if (this.accept(symbol)) return token.end;
    const found = token.kind === "end" ? "the text ends" : `found ${describeToken(token)}`;
    const message = `Expected "${symbol}" for the "${opening.text}" at ${opening.start + 1}, ${found}`;
    throw this.problem(message, token, token.kind === "end" ? symbol : undefined);
  }

  problem(message: string, { start, end }: Span, suggestion?: string): ExpressionError {
    return new ExpressionError({ message, start, end, suggestion });
  }

  /** Keeps trees shallow enough to be walked by recursion. Chains of `and` and of `or` are walked by loops. */
  node<Node extends Expression>(expression: Node): Node {
    const chain = expression.kind === "binary" && isLogical(expression.operator) && continues(expression);
    const parts = chain ? [] : partsOf(expression);
    let depth = chain ? Math.max(this.#depth(expression.left), 1 + this.#depth(expression.right)) : 1;
    for (const part of parts) depth = Math.max(depth, 1 + this.#depth(part));
    if (depth > MAX_DEPTH) throw this.problem("The expression is nested too deeply", expression);
    this.#depths.set(expression, depth);
    return expression;
  }

  #depth(expression: Expression): number {
    return this.#depths.get(expression) ?? 1;
  }

  #parseOperand(minimum: number): Expression {
    const token = this.next();
    const { start, end } = token;
    switch (token.kind) {
      case "number":
      case "string":
        return { kind: "literal", value: token.value, start, end };
      case "word":
        return token.text.toLowerCase() === "not" ? this.#parseNot(token, minimum) : parseNamed(this, token);
      case "end":
        throw this.problem("Expected a value, but the text ends", token);
    }
    if (token.text === "(") return this.#parseParentheses(token);
    if (token.text === "[") {
      const items = this.parseItems("]", token);
      return this.node({ kind: "list", items, start, end: this.peek(-1).end });
    }
    if (token.text === "-") {
      const operand = this.parseOperators(PRECEDENCE.negation);
      return this.node({ kind: "unary", operator: "-", operand, start, end: operand.end });
    }
    if (token.text === "+") {
      this.report({ message: `Leave out the "+" before a value`, start, end, suggestion: "" });
      return this.parseOperators(PRECEDENCE.negation);
    }
    throw this.problem(`Expected a value, found ${describeToken(token)}`, token);
  }

  #parseParentheses(opening: Token): Expression {
    const { start } = opening;
    const first = this.parseOperators(0);
    if (!this.accept(",")) {
      const expression = { ...first, start, end: this.expect(")", opening) };
      this.#depths.set(expression, this.#depth(first));
      this.#parenthesised.add(expression);
      return expression;
    }
    const items = [first, ...this.parseItems(")", opening)];
    const list = this.node({ kind: "list", items, start, end: this.peek(-1).end });
    const { end } = list;
    this.report({ message: "A list is written in square brackets", start, end, suggestion: printExpression(list) });
    return list;
  }

  #parseNot(token: Token, minimum: number): Expression {
    this.#requireLowerCase(token);
    const operand = this.parseOperators(PRECEDENCE.not);
    const { start } = token;
    const { end } = operand;
    const expression = this.node({ kind: "unary", operator: "not", operand, start, end });
    if (minimum > PRECEDENCE.not) {
      const suggestion = `(${printExpression(expression)})`;
      this.report({ message: `"not" needs parentheses here`, start, end, suggestion });
    }
    return expression;
  }

  #parseBinary(left: Expression, operator: BinaryOperator, minimum: number): Expression {
    const token = this.next();
    if (token.text.toLowerCase() === "not") this.next();
    if (token.text.toLowerCase() === "is") return this.#parseNullCheck(left, "==");
    this.#requireLowerCase(token);
    if ((operator === "==" || operator === "!=") && isNullName(this.peek())) {
      return this.#parseNullCheck(left, operator);
    }
    if (operator === "-") this.#requireSpaceAfterMinus(token);
    const right = this.parseOperators(PRECEDENCE[operator] + 1);
    const { start } = left;
    const { end } = right;
    if (token.text.toLowerCase() === "not") {
      const operand = this.node({ kind: "binary", operator, left, right, start, end });
      const negated = this.node({ kind: "unary", operator: "not", operand, start, end });
      this.report({ message: `"not" comes first`, start, end, suggestion: printExpression(negated) });
      return negated;
    }
    const previous = isComparison(operator) && left.kind === "binary" && isComparison(left.operator) ? left : undefined;
    if (previous && !this.#parenthesised.has(left)) {
      return this.#parseComparisonChain(previous, operator, right, minimum);
    }
    return this.node({ kind: "binary", operator, left, right, start, end });
  }

  /** `1 < x < 5` is meant as two comparisons, but would compare a boolean. */
  #parseComparisonChain(left: Binary, operator: BinaryOperator, right: Expression, minimum: number): Expression {
    const span = { start: left.start, end: right.end };
    const isRange = [left.operator, operator].every((each) => /^[<>]/.test(each));
    if (!isRange) {
      const expression = this.node({ kind: "binary", operator, left, right, ...span });
      const suggestion = printExpression(expression);
      this.report({ message: "Comparisons in a row need parentheses", ...span, suggestion });
      return expression;
    }
    const upper = this.node({ kind: "binary", operator, left: left.right, right, ...span });
    const range = this.node({ kind: "binary", operator: "and", left, right: upper, ...span });
    const text = printExpression(range);
    const suggestion = minimum > PRECEDENCE.and ? `(${text})` : text;
    this.report({ message: `A range is two comparisons joined by "and"`, ...span, suggestion });
    return range;
  }

  /** `x == null`, `x is not null`: after the operator, or after `is`. */
  #parseNullCheck(left: Expression, operator: "==" | "!="): Expression {
    const negated = this.peek().text.toLowerCase() === "not";
    if (negated) this.next();
    const token = this.next();
    if (!isNullName(token)) throw this.problem(`Expected null after "is", found ${describeToken(token)}`, token);
    const span = { start: left.start, end: token.end };
    const defined = this.node({ kind: "call", name: "defined", args: [left], ...span });
    const expression = negated || operator === "!="
      ? defined
      : this.node({ kind: "unary", operator: "not", operand: defined, ...span });
    const suggestion = printExpression(expression);
    this.report({ message: "There is no null: ask whether the value is defined", ...span, suggestion });
    return expression;
  }

  #operatorAt(token: Token): BinaryOperator | undefined {
    if (token.kind === "symbol") {
      return Object.hasOwn(PRECEDENCE, token.text) ? token.text as BinaryOperator : undefined;
    }
    if (token.kind !== "word") return undefined;
    const word = token.text.toLowerCase();
    if (word === "is") return "==";
    const follower = this.peek(1).text.toLowerCase();
    if (word === "not") return follower === "in" || follower === "contains" ? follower : undefined;
    return WORD_OPERATORS.includes(word) ? word as BinaryOperator : undefined;
  }

  #requireLowerCase({ text, start, end }: Token): void {
    const suggestion = text.toLowerCase();
    if (text !== suggestion) this.report({ message: `Write "${suggestion}" in lower case`, start, end, suggestion });
  }

  /** Mixpanel's server reads `NOW -5` as two values in a row, and refuses it. */
  #requireSpaceAfterMinus(minus: Token): void {
    const operand = this.peek();
    if (!minus.spaceBefore || operand.spaceBefore || operand.kind !== "number") return;
    const { start, end } = minus;
    this.report({ message: `Put a space after "-"`, start, end, suggestion: "- " });
  }

  #nearOperator(token: Token): string | undefined {
    if (token.kind !== "word") return undefined;
    return nearMiss(token.text, WORD_OPERATORS);
  }
}

function continues(expression: Binary): boolean {
  return expression.left.kind === "binary" && expression.left.operator === expression.operator;
}

function isNullName(token: Token): boolean {
  return token.kind === "word" && NULL_NAMES.has(token.text.toLowerCase());
}
