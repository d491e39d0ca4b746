/**
 * The formula language of custom properties, as docs.mixpanel.com describes it: a formula names properties by letters
 * and computes a value from them. Names of functions and constants are not case-sensitive.
 */
import type { ArithmeticOperator, ComparisonOperator, LogicalOperator, Span } from "../expressions/syntax.ts";

/** Functions with the least and the most arguments that they take. */
export const FORMULA_FUNCTIONS = {
  if: [3, 3],
  ifs: [2, Infinity],
  not: [1, 1],
  boolean: [1, 1],
  number: [1, 2],
  string: [1, 1],
  defined: [1, 1],
  has_prefix: [2, 2],
  has_suffix: [2, 2],
  min: [2, 2],
  max: [2, 2],
  floor: [1, 1],
  ceil: [1, 1],
  round: [1, 1],
  upper: [1, 1],
  lower: [1, 1],
  parse_url: [2, 2],
  regex_extract: [2, 3],
  regex_match: [2, 2],
  regex_replace: [3, 3],
  datedif: [3, 3],
  today: [0, 0],
  len: [1, 1],
  left: [2, 2],
  right: [2, 2],
  mid: [3, 3],
  split: [2, 3],
  sum: [1, 1],
  let: [3, 3],
  any: [3, 3],
  all: [3, 3],
  filter: [3, 3],
  map: [3, 3],
} as const;
export type FormulaFunction = keyof typeof FORMULA_FUNCTIONS;

/** Functions whose first argument is a name that the last one may use. */
export const BINDING_FUNCTIONS = ["let", "any", "all", "filter", "map"] as const;
export type BindingFunction = typeof BINDING_FUNCTIONS[number];

/** Units of `datedif`. */
export const DATE_UNITS = ["D", "M", "Y", "MD", "YM", "YD"] as const;
export type DateUnit = typeof DATE_UNITS[number];

export type FormulaOperator = ArithmeticOperator | Exclude<ComparisonOperator, "contains"> | LogicalOperator;

export type FormulaCall = Span & {
  kind: "call";
  name: Exclude<FormulaFunction, BindingFunction>;
  args: PropertyFormula[];
};
/** `let(name, source, body)`, and the functions of lists, which compute the body for each item. */
export type FormulaBinding = Span & {
  kind: "binding";
  name: BindingFunction;
  variable: string;
  source: PropertyFormula;
  body: PropertyFormula;
};

/** A parsed formula: a tree of these. A literal without a value is `undefined`. */
export type PropertyFormula =
  | Span & { kind: "literal"; value: string | number | boolean | undefined }
  | Span & { kind: "list"; items: PropertyFormula[] }
  | Span & { kind: "variable"; name: string }
  | Span & { kind: "negation"; operand: PropertyFormula }
  | Span & { kind: "binary"; operator: FormulaOperator; left: PropertyFormula; right: PropertyFormula }
  | FormulaCall
  | FormulaBinding;

/** How tightly operators bind, loosest first: as in the language of segmentation, which Mixpanel evaluates alike. */
export const FORMULA_PRECEDENCE: Readonly<Record<FormulaOperator, number>> = {
  or: 1,
  and: 2,
  "==": 4,
  "!=": 4,
  ">": 4,
  ">=": 4,
  "<": 4,
  "<=": 4,
  in: 4,
  "+": 5,
  "-": 5,
  "*": 6,
  "/": 6,
  "%": 6,
};

/** The formulas that a formula is directly made of. */
export function formulaParts(formula: PropertyFormula): PropertyFormula[] {
  switch (formula.kind) {
    case "list":
      return formula.items;
    case "negation":
      return [formula.operand];
    case "binary":
      return [formula.left, formula.right];
    case "call":
      return formula.args;
    case "binding":
      return [formula.source, formula.body];
    default:
      return [];
  }
}
