/** What an update does to a profile. */
import { isObject } from "../../streams/json/is_object.ts";
import { stringifyJson } from "../../streams/json/json.ts";

/** A profile's properties. A map, because names come from outside: `__proto__` is one like any other. */
type ProfileProperties = Map<string, unknown>;

type Operation = (profile: ProfileProperties, payload: unknown) => void;

const OPERATIONS: Record<string, Operation> = {
  $set: (profile, payload) => forEach(payload, (name, value) => profile.set(name, value)),
  $set_once: (profile, payload) =>
    forEach(payload, (name, value) => {
      if (!profile.has(name)) profile.set(name, value);
    }),
  $add: (profile, payload) => forEach(payload, (name, value) => add(profile, name, value)),
  $append: (profile, payload) =>
    forEach(payload, (name, value) => profile.set(name, [...listOf(profile, name), value])),
  $union: (profile, payload) => forEach(payload, (name, value) => union(profile, name, value)),
  $remove: (profile, payload) => forEach(payload, (name, value) => remove(profile, name, value)),
  $unset: (profile, payload) => {
    for (const name of Array.isArray(payload) ? payload : [payload]) profile.delete(String(name));
  },
};

/** Operations on users; groups know all but `$add` and `$append`. */
export const USER_OPERATIONS: readonly string[] = [...Object.keys(OPERATIONS), "$delete"];
export const GROUP_OPERATIONS: readonly string[] = USER_OPERATIONS.filter((name) =>
  name !== "$add" && name !== "$append"
);

/** Why an update cannot be carried out, in Mixpanel's pattern; undefined when it can. */
export function problemOfUpdate(update: Record<string, unknown>, known: readonly string[]): string | undefined {
  const operations = known.filter((name) => Object.hasOwn(update, name));
  if (operations.length === 0) return "data, no operation";
  const wrong = operations.find((name) => name !== "$unset" && name !== "$delete" && !isObject(update[name]));
  if (wrong !== undefined) return `${wrong}, must be an object`;
  const sums = update.$add;
  if (!operations.includes("$add") || !isObject(sums)) return undefined;
  return Object.values(sums).every(isNumber) ? undefined : "$add, values must be numbers";
}

/**
 * Carries out an update's operations, in the order in which it names them. Undefined means that the profile is deleted.
 */
export function applyUpdate(
  before: Record<string, unknown> | undefined,
  update: Record<string, unknown>,
): Record<string, unknown> | undefined {
  if (Object.hasOwn(update, "$delete")) return undefined;
  const profile: ProfileProperties = new Map(Object.entries(before ?? {}));
  for (const [name, payload] of Object.entries(update)) {
    if (Object.hasOwn(OPERATIONS, name)) OPERATIONS[name](profile, payload);
  }
  return Object.fromEntries(profile);
}

function forEach(payload: unknown, change: (name: string, value: unknown) => void): void {
  for (const [name, value] of Object.entries(payload as object)) change(name, value);
}

function isNumber(value: unknown): value is number | bigint {
  return typeof value === "number" || typeof value === "bigint";
}

/** Adds to a number, or to zero. What is not a number stays as it is. */
function add(profile: ProfileProperties, name: string, value: unknown): void {
  const before = profile.get(name) ?? 0;
  if (!isNumber(before) || !isNumber(value)) return;
  if (typeof before === "number" && typeof value === "number") {
    profile.set(name, before + value);
    return;
  }
  const isWhole = [before, value].every((one) => typeof one === "bigint" || Number.isInteger(one));
  profile.set(name, isWhole ? BigInt(before) + BigInt(value) : Number(before) + Number(value));
}

/** A property as a list: what was no list becomes its first element. */
function listOf(profile: ProfileProperties, name: string): readonly unknown[] {
  const value = profile.get(name);
  if (value === undefined || value === null) return [];
  return Array.isArray(value) ? value : [value];
}

function union(profile: ProfileProperties, name: string, value: unknown): void {
  const list = [...listOf(profile, name)];
  const present = new Set(list.map((item) => stringifyJson(item)));
  // The Go client sends a lone value in place of a list of one.
  for (const item of Array.isArray(value) ? value : [value]) {
    const text = stringifyJson(item);
    if (present.has(text)) continue;
    present.add(text);
    list.push(item);
  }
  profile.set(name, list);
}

function remove(profile: ProfileProperties, name: string, value: unknown): void {
  const list = profile.get(name);
  if (!Array.isArray(list)) return;
  const text = stringifyJson(value);
  profile.set(name, list.filter((item) => stringifyJson(item) !== text));
}
