import fc from "fast-check";
import {
  type BinaryOperator,
  type Expression,
  FUNCTIONS,
  PRECEDENCE,
  PROPERTY_SOURCES,
} from "../../src/expressions/syntax.ts";

const SPAN = { start: 0, end: 0 };
const BINARY = Object.keys(PRECEDENCE).filter((name) => name !== "not" && name !== "negation") as BinaryOperator[];
const ONE_ARGUMENT = Object.keys(FUNCTIONS) as (keyof typeof FUNCTIONS)[];

const text = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.constantFrom("US", 'say "hi"', "back\\slash", "a'b"),
);
/** The parser gives a bigint for an integer of more digits than a number holds. */
const double = fc.double({ min: 0, noNaN: true, noDefaultInfinity: true })
  .filter((value) => !Object.is(value, -0) && !(value > Number.MAX_SAFE_INTEGER && value < 1e21));
const number = fc.oneof(fc.nat(), double, fc.bigInt(2n ** 53n, 2n ** 63n));

const literal = fc.oneof(text, number, fc.boolean())
  .map((value): Expression => ({ kind: "literal", value, ...SPAN }));
const reference = fc.record({ source: fc.constantFrom(...PROPERTY_SOURCES), name: text })
  .map(({ source, name }): Expression => ({ kind: "reference", source, name, ...SPAN }));

/** Any expression that the language can say, without positions. */
export const arbitraryExpression: fc.Arbitrary<Expression> = fc.letrec<{ tree: Expression }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "medium", withCrossShrink: true },
    literal,
    reference,
    fc.constant<Expression>({ kind: "now", ...SPAN }),
    fc.array(tie("tree"), { maxLength: 3 }).map((items): Expression => ({ kind: "list", items, ...SPAN })),
    fc.record({ operator: fc.constantFrom("-" as const, "not" as const), operand: tie("tree") })
      .map((parts): Expression => ({ kind: "unary", ...parts, ...SPAN })),
    fc.record({ operator: fc.constantFrom(...BINARY), left: tie("tree"), right: tie("tree") })
      .map((parts): Expression => ({ kind: "binary", ...parts, ...SPAN })),
    fc.record({ name: fc.constantFrom(...ONE_ARGUMENT), arg: tie("tree") })
      .map(({ name, arg }): Expression => ({ kind: "call", name, args: [arg], ...SPAN })),
    fc.array(tie("tree"), { minLength: 3, maxLength: 6 })
      .map((args): Expression => ({ kind: "call", name: "datetime", args, ...SPAN })),
  ),
})).tree;

/** An expression without its positions, to compare meanings. */
export function withoutSpans(expression: Expression): unknown {
  return JSON.parse(
    JSON.stringify(expression, (key, value) => {
      if (key === "start" || key === "end") return undefined;
      return typeof value === "bigint" ? `${value}n` : value;
    }),
  );
}
