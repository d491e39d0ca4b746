/** What a property reference reads from: `properties["plan"]`, `user["$email"]`, `event["$time"]`, `behaviors["b1"]`. */
export type PropertySource = "properties" | "event" | "user" | "behaviors";
export const PROPERTY_SOURCES: readonly PropertySource[] = ["properties", "event", "user", "behaviors"];

/** Functions with the least and the most arguments they take. `datetime` takes one value, or year, month, day, …, second. */
export const FUNCTIONS = {
  floor: [1, 1],
  round: [1, 1],
  ceil: [1, 1],
  boolean: [1, 1],
  number: [1, 1],
  string: [1, 1],
  list: [1, 1],
  defined: [1, 1],
  datetime: [1, 6],
} as const;
export type FunctionName = keyof typeof FUNCTIONS;

export type ArithmeticOperator = "+" | "-" | "*" | "/" | "%";
export type ComparisonOperator = "==" | "!=" | ">" | ">=" | "<" | "<=" | "in" | "contains";
export type LogicalOperator = "and" | "or";
export type BinaryOperator = ArithmeticOperator | ComparisonOperator | LogicalOperator;
export type UnaryOperator = "-" | "not";

/**
 * How tightly operators bind, loosest first. Mixpanel doesn't publish this; the order is the one under which every
 * published expression reads as intended: `not "x" in p` is `not ("x" in p)`.
 */
export const PRECEDENCE: Record<BinaryOperator, number> & { not: number; negation: number } = {
  or: 1,
  and: 2,
  not: 3,
  "==": 4,
  "!=": 4,
  ">": 4,
  ">=": 4,
  "<": 4,
  "<=": 4,
  in: 4,
  contains: 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
  negation: 7,
};

/** The part of the text that something stands in: `[start, end)`, in UTF-16 units. */
export interface Span {
  start: number;
  end: number;
}

export type Literal = Span & { kind: "literal"; value: string | number | bigint | boolean };
/** `NOW`: the moment of the query in seconds since 1970. */
export type Now = Span & { kind: "now" };
export type ListLiteral = Span & { kind: "list"; items: Expression[] };
export type Reference = Span & { kind: "reference"; source: PropertySource; name: string };
export type Unary = Span & { kind: "unary"; operator: UnaryOperator; operand: Expression };
export type Binary = Span & { kind: "binary"; operator: BinaryOperator; left: Expression; right: Expression };
export type FunctionCall = Span & { kind: "call"; name: FunctionName; args: Expression[] };

/** A parsed expression: a tree of these. Parentheses leave no trace, but widen the spans. */
export type Expression = Literal | Now | ListLiteral | Reference | Unary | Binary | FunctionCall;

/** Something wrong at a place of the text; the suggestion, when there is one, replaces exactly that place. */
export interface Problem extends Span {
  message: string;
  suggestion?: string;
}

/** The text is not an expression. */
export class ExpressionError extends Error implements Problem {
  readonly start: number;
  readonly end: number;
  readonly suggestion?: string;

  constructor({ message, start, end, suggestion }: Problem) {
    super(message);
    this.name = "ExpressionError";
    this.start = start;
    this.end = end;
    this.suggestion = suggestion;
  }
}

export function isLogical(operator: BinaryOperator): operator is LogicalOperator {
  return operator === "and" || operator === "or";
}

export function isComparison(operator: BinaryOperator): operator is ComparisonOperator {
  return PRECEDENCE[operator] === PRECEDENCE["=="];
}

/**
 * The operands of a chain `a and b and c` (or of `or`s), left to right; a single operand for anything else. Generated
 * filters join thousands of conditions, deeper than a call stack, so chains are walked by this and not by recursion.
 */
export function chainOf(expression: Binary): Expression[] {
  const operands: Expression[] = [];
  let node: Expression = expression;
  while (node.kind === "binary" && node.operator === expression.operator) {
    operands.push(node.right);
    node = node.left;
  }
  operands.push(node);
  return operands.reverse();
}

/** The expressions that an expression is directly made of. */
export function partsOf(expression: Expression): Expression[] {
  switch (expression.kind) {
    case "binary":
      return isLogical(expression.operator) ? chainOf(expression) : [expression.left, expression.right];
    case "unary":
      return [expression.operand];
    case "list":
      return expression.items;
    case "call":
      return expression.args;
    default:
      return [];
  }
}

/** An expression and everything that it is made of, in no particular order. */
export function* walk(expression: Expression): Iterable<Expression> {
  const pending = [expression];
  for (let part = pending.pop(); part; part = pending.pop()) {
    yield part;
    for (const inner of partsOf(part)) pending.push(inner);
  }
}
