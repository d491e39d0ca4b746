/** Members of objects by names that come from outside: `__proto__` and `toString` are names like any other. */

/** Sets a member of its own, as JSON has it: an assignment to `__proto__` would make none. */
export function setMember(object: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") object[name] = value;
  else Object.defineProperty(object, name, { value, enumerable: true, configurable: true, writable: true });
}

/** A member of its own; undefined where the object has none. */
export function ownMember(object: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
