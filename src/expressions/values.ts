import { Moment } from "./moment.ts";

/**
 * What an expression can be: the JSON values, bigints for integers that a number cannot hold, moments, and undefined
 * for whatever is missing or makes no sense.
 */
export type Value =
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  | Moment
  | readonly Value[]
  | { readonly [name: string]: Value };

export type NumberValue = number | bigint;

export function isNumber(value: Value): value is NumberValue {
  return typeof value === "number" || typeof value === "bigint";
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

/** Equal in type and value; lists and objects element by element. Values of different types are never equal. */
export function sameValue(left: Value, right: Value): boolean {
  if (left === right) return true;
  if (isNumber(left)) return isNumber(right) && left == right;
  if (typeof left !== "object" || typeof right !== "object" || left === null || right === null) return false;
  if (left instanceof Moment || right instanceof Moment) {
    return left instanceof Moment && right instanceof Moment && left.seconds === right.seconds;
  }
  if (isList(left) || isList(right)) {
    return isList(left) && isList(right) && left.length === right.length &&
      left.every((item, index) => sameValue(item, right[index]));
  }
  const names = Object.keys(left);
  return names.length === Object.keys(right).length &&
    names.every((name) => Object.hasOwn(right, name) && sameValue(left[name], right[name]));
}

/** A number as `string(…)` writes it: digits, without an exponent. */
export function decimalText(value: NumberValue): string {
  const text = String(value);
  const match = /^(-?)(\d)(?:\.(\d+))?e([+-]\d+)$/.exec(text);
  if (match === null) return text;
  const [, sign, first, rest = "", exponentText] = match;
  const exponent = Number(exponentText);
  const digits = first + rest;
  return exponent < 0 ? `${sign}0.${"0".repeat(-exponent - 1)}${digits}` : sign + digits.padEnd(exponent + 1, "0");
}
