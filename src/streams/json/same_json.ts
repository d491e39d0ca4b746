import { isObject } from "./is_object.ts";
import { stringifyJson } from "./json.ts";

/** Whether two values are the same JSON: the order of an object's keys does not matter. */
export function isSameJson(one: unknown, other: unknown): boolean {
  return stringifyJson(inOrder(one)) === stringifyJson(inOrder(other));
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  // Numbers that are objects print themselves.
  if (!isObject(value) || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.keys(value).sort().map((key) => [key, inOrder(value[key])]));
}
