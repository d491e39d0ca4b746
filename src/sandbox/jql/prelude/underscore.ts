/** The part of Underscore that scripts are seen to use. */

/** A list, an object or nothing. */
type Collected = readonly unknown[] | Record<string, unknown> | null | undefined;
type Item = Record<string, unknown>;
type Iteratee = (item: unknown, key?: unknown, list?: Collected) => unknown;

function valuesOf(list: Collected): readonly unknown[] {
  if (list === null || list === undefined) return [];
  return Array.isArray(list) ? list : Object.values(list);
}

/** A function as it is, the name of a property, or nothing for the item itself. */
function iteratee(by: unknown): Iteratee {
  if (typeof by === "function") return by as Iteratee;
  if (by === undefined) return (item) => item;
  return (item) => item && (item as Item)[by as string];
}

function predicate(test: unknown): Iteratee {
  if (typeof test !== "object") return iteratee(test);
  const wanted = test as Item;
  return (item) => Object.keys(wanted).every((name) => (item as Item)[name] === wanted[name]);
}

function each(list: Collected, visit: (item: unknown, key: unknown, list: Collected) => unknown): Collected {
  if (Array.isArray(list)) list.forEach((item, index) => void visit(item, index, list));
  else for (const [key, item] of Object.entries(list ?? {})) visit(item, key, list);
  return list;
}

function map(list: Collected, by?: unknown): unknown[] {
  const made: unknown[] = [];
  each(list, (item, key) => made.push(iteratee(by)(item, key, list)));
  return made;
}

function tally<T>(start: () => T, add: (value: T, item: unknown) => T) {
  return (list: Collected, by?: unknown): Record<string, T> => {
    const found: Record<string, T> = {};
    each(list, (item) => {
      const key = iteratee(by)(item) as string;
      found[key] = add(Object.hasOwn(found, key) ? found[key] : start(), item);
    });
    return found;
  };
}

function best(isBetter: (score: number, best: number) => boolean, none: number) {
  return (list: Collected, by?: unknown): unknown => {
    let chosen: unknown;
    let score: number | undefined;
    each(list, (item) => {
      const own = iteratee(by)(item) as number;
      if (score === undefined || isBetter(own, score)) [chosen, score] = [item, own];
    });
    return score === undefined ? none : chosen;
  };
}

function filter(list: Collected, test: unknown): unknown[] {
  return valuesOf(list).filter(predicate(test));
}

function includes(list: Collected, item: unknown): boolean {
  return valuesOf(list).includes(item);
}

function extend(target: object, ...sources: object[]): object {
  return Object.assign(target, ...sources);
}

function sortBy(list: Collected, by?: unknown): unknown[] {
  return [...valuesOf(list)].sort((a, b) => {
    const [x, y] = [iteratee(by)(a) as number, iteratee(by)(b) as number];
    return x < y ? -1 : x > y ? 1 : 0;
  });
}

function range(start: number, end?: number, step = 1): number[] {
  const [from, to] = end === undefined ? [0, start] : [start, end];
  return Array.from({ length: Math.max(0, Math.ceil((to - from) / step)) }, (_none, index) => from + index * step);
}

/** The global `_`. */
export const underscore = {
  each,
  forEach: each,
  map,
  collect: map,
  filter,
  select: filter,
  extend,
  assign: extend,
  reject: (list: Collected, test: Iteratee) => valuesOf(list).filter((item) => !test(item)),
  reduce: (list: Collected, ...given: [add: (state: unknown, item: unknown) => unknown, start: unknown]) =>
    valuesOf(list).reduce(...given),
  find: (list: Collected, test: unknown) =>
    valuesOf(list).find(typeof test === "object" ? predicate(test) : test as Iteratee),
  some: (list: Collected, test: unknown) => valuesOf(list).some(iteratee(test)),
  every: (list: Collected, test: unknown) => valuesOf(list).every(iteratee(test)),
  contains: includes,
  includes,
  pluck: (list: Collected, name: string) => map(list, name),
  groupBy: tally<unknown[]>(() => [], (group, item) => (group.push(item), group)),
  countBy: tally(() => 0, (count) => count + 1),
  indexBy: tally<unknown>(() => undefined, (_last, item) => item),
  sortBy,
  max: best((a, b) => a > b, -Infinity),
  min: best((a, b) => a < b, Infinity),
  uniq: (list: Iterable<unknown>) => [...new Set(list)],
  flatten: (list: Collected) => (valuesOf(list) as unknown[][]).flat(Infinity),
  first: (list: Collected) => valuesOf(list)[0],
  last: (list: Collected) => valuesOf(list).at(-1),
  range,
  size: (list: Collected) => valuesOf(list).length,
  keys: (object?: object) => Object.keys(object || {}),
  values: (object?: object) => Object.values(object || {}),
  pairs: (object?: object) => Object.entries(object || {}),
  object: (pairs: unknown[], values?: unknown[]) =>
    Object.fromEntries((values ? pairs.map((name, at) => [name, values[at]]) : pairs) as [string, unknown][]),
  pick: (object: Item, ...names: unknown[]) =>
    Object.fromEntries((names.flat() as string[]).filter((name) => name in object).map((name) => [name, object[name]])),
  omit: (object: Item, ...names: unknown[]) =>
    Object.fromEntries(Object.entries(object).filter(([name]) => !names.flat().includes(name))),
  has: (object: object | null | undefined, name: string) =>
    object !== null && object !== undefined && Object.hasOwn(object, name),
  clone: (value: unknown) =>
    Array.isArray(value) ? [...value] : typeof value === "object" && value ? { ...value } : value,
  isEmpty: (value: Collected) => valuesOf(value).length === 0,
  isArray: Array.isArray,
  isObject: (value: unknown) => typeof value === "function" || (typeof value === "object" && value !== null),
  isString: (value: unknown) => typeof value === "string",
  isNumber: (value: unknown) => typeof value === "number",
  isFunction: (value: unknown) => typeof value === "function",
  isUndefined: (value: unknown) => value === undefined,
  isNull: (value: unknown) => value === null,
  identity: (value: unknown) => value,
};
