/**
 * What `Events()`, `People()` and `join()` return, with the transformations of a script. Nothing is computed while
 * `main()` runs: a collection only says what to do. The sandbox then pushes items through, batch by batch.
 */
import { accumulating, Grouping, inOrder } from "./grouping.ts";
import { accessorOf, keysOf } from "./keys.ts";
import { needFunction, type Sink } from "./sink.ts";

/** Which items a collection begins with. */
export interface Source {
  readonly kind: "events" | "people" | "join";
  readonly [option: string]: unknown;
}

/** One transformation. */
interface Stage {
  /** Only leaves items out. */
  keepsItems?: boolean;
  into(next: Sink): Sink;
}

export class Collection {
  declare readonly source: Source;
  declare readonly stages: readonly Stage[];

  constructor(source: Source, stages: readonly Stage[] = []) {
    Object.defineProperty(this, "source", { value: source });
    Object.defineProperty(this, "stages", { value: stages });
  }

  with(stage: Stage): Collection {
    return new Collection(this.source, [...this.stages, stage]);
  }

  filter(test: (item: unknown) => unknown): Collection {
    needFunction("filter", test);
    return this.with({
      keepsItems: true,
      into: (next) => passing(next, (item) => void (test(item) && next.push(item))),
    });
  }

  map(change: (item: unknown) => unknown): Collection {
    needFunction("map", change);
    return this.with({ into: (next) => passing(next, (item) => next.push(change(item))) });
  }

  flatten(): Collection {
    const push = (item: unknown, next: Sink) =>
      Array.isArray(item) ? item.forEach((one) => next.push(one)) : next.push(item);
    return this.with({ into: (next) => passing(next, (item) => push(item, next)) });
  }

  reduce(reducers: unknown): Collection {
    const show = (_key: unknown[], value: unknown) => value;
    const options = { keysOf: () => [[]], reducers, style: accumulating, show, isWhole: true };
    return this.with({ into: (next) => new Grouping(options, next) });
  }

  groupBy(keys: unknown, reducers: unknown): Collection {
    return this.with({ into: (next) => new Grouping({ keysOf: keysOf(keys), reducers, style: accumulating }, next) });
  }

  groupByUser(...given: unknown[]): Collection {
    if (!this.stages.every((stage) => stage.keepsItems)) {
      throw new Error("groupByUser() can only be applied to Events(), People() or join(), or to a filter() of them");
    }
    const [keys, reducers] = given.length > 1 ? given : [[], given[0]];
    const all = keysOf(["distinct_id", ...(Array.isArray(keys) ? keys : [keys])]);
    return this.with({ into: (next) => new Grouping({ keysOf: all, reducers, style: inOrder }, next) });
  }

  sortAsc(spec?: unknown): Collection {
    return this.with(sorting(spec, 1));
  }

  sortDesc(spec?: unknown): Collection {
    return this.with(sorting(spec, -1));
  }

  applyGroupLimits(limits: number[] = [], most = Infinity): Collection {
    return this.with({ into: (next) => limiting(limits, most, next) });
  }
}

function passing(next: Sink, push: (item: unknown) => void): Sink {
  return { push, end: () => next.end() };
}

function sorting(spec: unknown, direction: 1 | -1): Stage {
  const accessor = accessorOf(spec);
  interface Sorted {
    by: number;
    item: unknown;
  }
  const compare = (a: Sorted, b: Sorted) => a.by < b.by ? -direction : a.by > b.by ? direction : 0;
  return {
    into: (next) => {
      const all: Sorted[] = [];
      return {
        push: (item) => void all.push({ by: accessor(item) as number, item }),
        end: () => {
          all.sort(compare).forEach(({ item }) => next.push(item));
          next.end();
        },
      };
    },
  };
}

/** At each level of the key, as many different values as its limit says. */
function limiting(limits: readonly number[], most: number, next: Sink): Sink {
  const seen = new Map<string, Set<string>>();
  let passed = 0;
  const isAllowed = (key: unknown[]): boolean => {
    const places = limits.map((limit, level) => {
      const above = JSON.stringify(key.slice(0, level));
      const values = seen.get(above) ?? new Set();
      seen.set(above, values);
      return { limit, values, value: JSON.stringify(key[level]) };
    });
    if (!places.every(({ limit, values, value }) => values.has(value) || values.size < limit)) return false;
    places.forEach(({ values, value }) => values.add(value));
    return true;
  };
  return passing(next, (item) => {
    if (passed >= most || !isAllowed((item as { key?: unknown[] }).key ?? [])) return;
    passed++;
    next.push(item);
  });
}
