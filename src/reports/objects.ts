/** What is left of a JSON object when what is understood is taken away. */
import { isObject } from "../streams/json/is_object.ts";
import type { Json } from "./report.ts";

/** Without what says nothing: null, false, empty texts, lists and objects. */
export function withoutEmpty(object: Json): Json {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => !isEmpty(value)));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}

/** Whether an object has no other keys than these, and those of `fixed` with these values alone. */
export function hasOnly(
  object: Json,
  known: readonly string[],
  ignored: readonly string[] = [],
  fixed: Json = {},
): boolean {
  return Object.entries(object).every(([key, value]) =>
    known.includes(key) || ignored.includes(key) || (Object.hasOwn(fixed, key) && fixed[key] === value)
  );
}

/** The keys of an object that are not among these, and say something; undefined where there are none. */
export function others(object: Json, known: readonly string[]): Json | undefined {
  return someOf(object, (key, value) => !known.includes(key) && !isEmpty(value));
}

/**
 * The keys of an object whose values say something that `written` does not say under the same key; undefined where there
 * are none. Keys called `settled` below them are compared elsewhere.
 */
export function unsaid(written: Json, original: Json, settled: readonly string[] = []): Json | undefined {
  return someOf(original, (key, value) => !covers(written[key], value, settled));
}

function someOf(object: Json, isWanted: (key: string, value: unknown) => boolean): Json | undefined {
  const left = Object.entries(object).filter(([key, value]) => isWanted(key, value));
  return left.length === 0 ? undefined : Object.fromEntries(left);
}

/** A value as an object; an empty one for anything else. */
export const asObject = (value: unknown): Json => isObject(value) ? value : {};

/** A value as a list of objects. */
export const asObjects = (value: unknown): Json[] => Array.isArray(value) ? value.filter(isObject) : [];

/** The ids of things are whole numbers, of any length. */
export const isId = (value: unknown): value is number | bigint =>
  typeof value === "number" || typeof value === "bigint";

/** What the web page keeps for itself in all kinds of clauses; it changes no number. */
const LAYOUT: ReadonlySet<string> = new Set([
  ...["_idx", "hasUnsavedChanges", "isExpanded", "label", "labelPrefix", "renamed", "search", "showClauseIndex"],
  ...["unsavedId", "userNamed", "profileType", "typeCast", "display", "goals", "comparisons"],
]);

/**
 * Whether what is written says all that the original says: each of its keys, but for those of the web page's layout, and
 * for `settled` ones, which are compared elsewhere.
 */
export function covers(written: unknown, original: unknown, settled: readonly string[] = []): boolean {
  if (original === false && written === true) return false;
  if (isEmpty(original) || original === "$mixpanel") return true;
  if (Array.isArray(original)) {
    return Array.isArray(written) && written.length === original.length &&
      original.every((one, index) => covers(written[index], one, settled));
  }
  if (!isObject(original)) return written === original;
  return isObject(written) &&
    Object.entries(original).every(([key, value]) =>
      LAYOUT.has(key) || settled.includes(key) || covers(written[key], value, settled)
    );
}

/** The fields that are there: those without a value are left out. */
export function present<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as never;
}
