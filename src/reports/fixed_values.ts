/** Values that an expression writes out. */
import type { Expression } from "../expressions/syntax.ts";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** A literal, also one with a minus; undefined for anything else. */
export function fixedValueOf(expression: Expression): string | number | bigint | boolean | undefined {
  if (expression.kind === "literal") return expression.value;
  if (expression.kind !== "unary" || expression.operator !== "-" || expression.operand.kind !== "literal") {
    return undefined;
  }
  const { value } = expression.operand;
  return typeof value === "number" || typeof value === "bigint" ? -value : undefined;
}

/** The day of `datetime("2026-01-31")` or `datetime(2026, 1, 31)`, and whether it is the whole day. */
export function literalDay(expression: Expression): { day: string; isWhole: boolean } | undefined {
  if (expression.kind !== "call" || expression.name !== "datetime") return undefined;
  const values = expression.args.map(fixedValueOf);
  const [first, month, date, ...time] = values;
  if (values.length === 1) {
    if (typeof first !== "string" || !isIsoDay(first.slice(0, 10))) return undefined;
    return { day: first.slice(0, 10), isWhole: first.length === 10 };
  }
  if (!values.every((one) => typeof one === "number")) return undefined;
  const padded = (part: unknown, width: number) => String(part).padStart(width, "0");
  return {
    day: `${padded(first, 4)}-${padded(month, 2)}-${padded(date, 2)}`,
    isWhole: time.every((part) => part === 0),
  };
}

export function isIsoDay(text: string): boolean {
  return DAY.test(text) && !Number.isNaN(Date.parse(text));
}
