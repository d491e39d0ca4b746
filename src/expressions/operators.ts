import { toMoment } from "./casts.ts";
import { Moment, type ZoneClock } from "./moment.ts";
import type { ArithmeticOperator, ComparisonOperator } from "./syntax.ts";
import { isList, isNumber, type NumberValue, sameValue, type Value } from "./values.ts";

/** An operator of two operands as the evaluator calls it. None of them throws. */
export type ValueOperator = (left: Value, right: Value) => Value;

/** All operators but `and` and `or`, which may leave their right side alone. */
export function operatorsFor(zone: ZoneClock): Record<ArithmeticOperator | ComparisonOperator, ValueOperator> {
  return {
    "+": (left, right) => typeof left === "string" && typeof right === "string" ? left + right : add(left, right),
    "-": (left, right) => calculate(left, right, (a, b) => a - b),
    "*": (left, right) => calculate(left, right, (a, b) => a * b),
    "/": (left, right) => calculate(left, right, (a, b) => a / b),
    // The remainder has the sign of the dividend, as in JavaScript.
    "%": (left, right) => calculate(left, right, (a, b) => a % b),
    "==": (left, right) => equals(left, right, zone),
    "!=": (left, right) => !equals(left, right, zone),
    ">": ordering(zone, (order) => order > 0),
    ">=": ordering(zone, (order) => order >= 0),
    "<": ordering(zone, (order) => order < 0),
    "<=": ordering(zone, (order) => order <= 0),
    in: isIn,
    contains: (left, right) => isIn(right, left),
  };
}

/** Undefined for anything but a number; halves of bigints don't exist, so a bigint is negated as it is. */
export function negate(value: Value): Value {
  return isNumber(value) ? -value : undefined;
}

/** True for what is missing: `not properties["beta"]` finds those without the property too. */
export function not(value: Value): Value {
  return value === undefined ? true : typeof value === "boolean" ? !value : undefined;
}

function add(left: Value, right: Value): Value {
  return calculate(left, right, (a, b) => a + b);
}

/** Division by zero, and whatever else is no finite number, is undefined. */
function calculate(left: Value, right: Value, compute: (a: number, b: number) => number): Value {
  if (!isNumber(left) || !isNumber(right)) return undefined;
  const result = compute(Number(left), Number(right));
  return Number.isFinite(result) ? result : undefined;
}

/**
 * Different types are never equal, except that a moment equals a number or text that means the same moment: they are
 * ordered by that, and `>=` must be true wherever `==` is.
 */
function equals(left: Value, right: Value, zone: ZoneClock): boolean {
  if (left instanceof Moment !== right instanceof Moment) {
    const a = toMoment(left, zone);
    const b = toMoment(right, zone);
    return a !== undefined && b !== undefined && a.seconds === b.seconds;
  }
  return sameValue(left, right);
}

/**
 * Numbers by value, moments by second, text by code unit: the page says numbers only, but comparing ISO dates as text
 * is in wide use and works. Anything else is undefined.
 */
function ordering(zone: ZoneClock, decide: (order: number) => boolean): ValueOperator {
  return (left, right) => {
    if (isNumber(left) && isNumber(right)) return decide(order(left, right));
    if (typeof left === "string" && typeof right === "string") return decide(left < right ? -1 : left > right ? 1 : 0);
    if (!(left instanceof Moment || right instanceof Moment)) return undefined;
    const a = toMoment(left, zone);
    const b = toMoment(right, zone);
    return a === undefined || b === undefined ? undefined : decide(a.seconds - b.seconds);
  };
}

function order(left: NumberValue, right: NumberValue): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

/** Text within text, letter by letter; a value among the elements of a list. Anything else is undefined. */
function isIn(needle: Value, haystack: Value): Value {
  if (typeof haystack === "string") return typeof needle === "string" ? haystack.includes(needle) : undefined;
  if (!isList(haystack) || needle === undefined || isList(needle)) return undefined;
  return haystack.some((item) => sameValue(item, needle));
}
