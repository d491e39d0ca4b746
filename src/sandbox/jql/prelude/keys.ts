/** How a script names what it wants of an item, and the keys of groups that come of it. */

export type Accessor = (item: unknown) => unknown;

/** Keys of which each element of a list is one, as `mixpanel.multiple_keys()` makes them. */
export class MultipleKeys {
  readonly accessors: readonly Accessor[];

  constructor(specs: unknown) {
    this.accessors = asList(specs).map(accessorOf);
  }
}

/** A function as it is; a path such as `properties.plan` or `key.1`; nothing stands for the item itself. */
export function accessorOf(spec: unknown): Accessor {
  if (typeof spec === "function") return spec as Accessor;
  if (spec === undefined || spec === null) return (item) => item;
  if (typeof spec !== "string") throw new TypeError("An accessor must be a function or the path of a property");
  const path = spec.split(".");
  return (item) => {
    let value = item;
    for (const part of path) {
      if (value === null || value === undefined) return undefined;
      value = (value as Record<string, unknown>)[part];
    }
    return value;
  };
}

/** Every key that an item belongs to. Lists are part of the key, or, as multiple keys, make one key each. */
export function keysOf(keys: unknown): (item: unknown) => unknown[][] {
  const specs = asList(keys).flatMap((spec) =>
    spec instanceof MultipleKeys
      ? spec.accessors.map((accessor) => ({ accessor, isMultiple: true }))
      : [{ accessor: accessorOf(spec), isMultiple: false }]
  );
  return (item) => {
    let found: unknown[][] = [[]];
    for (const { accessor, isMultiple } of specs) {
      const value = accessor(item);
      const options: unknown[][] = !Array.isArray(value) ? [[value]] : isMultiple ? value.map((one) => [one]) : [value];
      if (found.length === 1 && options.length === 1) found[0].push(...options[0]);
      else found = found.flatMap((key) => options.map((option) => [...key, ...option]));
    }
    return found;
  };
}

export function asList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

/** NaN is none. */
export function isRealNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}
