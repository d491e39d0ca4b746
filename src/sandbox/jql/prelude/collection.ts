/**
 * What `Events()`, `People()` and `join()` return, with the transformations of a script. Nothing is computed while
 * `main()` runs: a collection only says what to do. The sandbox then pushes items through, batch by batch.
 */
import { Grouping, groupStyle, userStyle } from "./grouping.ts";
import { accessorOf, keysOf } from "./keys.ts";
import { needFunction, type Sink } from "./sink.ts";
import type { JqlSource } from "./source.ts";

/** One transformation. */
interface Stage {
  /** Only leaves items out. */
  keepsItems?: boolean;
  into(next: Sink): Sink;
}

export class JqlCollection {
  declare readonly source: JqlSource;
  declare readonly stages: readonly Stage[];

  constructor(source: JqlSource, stages: readonly Stage[] = []) {
    Object.defineProperty(this, "source", { value: source });
    Object.defineProperty(this, "stages", { value: stages });
  }

  with(stage: Stage): JqlCollection {
    return new JqlCollection(this.source, [...this.stages, stage]);
  }

  filter(test: (item: unknown) => unknown): JqlCollection {
    needFunction("filter", test);
    return this.with({
      keepsItems: true,
      into: (next) => passing(next, (item) => void (test(item) && next.push(item))),
    });
  }

  map(change: (item: unknown) => unknown): JqlCollection {
    needFunction("map", change);
    return this.with({ into: (next) => passing(next, (item) => next.push(change(item))) });
  }

  flatten(): JqlCollection {
    const push = (item: unknown, next: Sink) =>
      Array.isArray(item) ? item.forEach((one) => next.push(one)) : next.push(item);
    return this.with({ into: (next) => passing(next, (item) => push(item, next)) });
  }

  reduce(reducers: unknown): JqlCollection {
    const show = (_key: unknown[], value: unknown) => value;
    const options = { keysOf: () => [[]], reducers, style: groupStyle, show, isWhole: true };
    return this.with({ into: (next) => new Grouping(options, next) });
  }

  groupBy(keys: unknown, reducers: unknown): JqlCollection {
    return this.with({ into: (next) => new Grouping({ keysOf: keysOf(keys), reducers, style: groupStyle }, next) });
  }

  groupByUser(...given: unknown[]): JqlCollection {
    if (!this.stages.every((stage) => stage.keepsItems)) {
      throw new Error("groupByUser() can only be applied to Events(), People() or join(), or to a filter() of them");
    }
    const [keys, reducers] = given.length > 1 ? given : [[], given[0]];
    const all = keysOf(["distinct_id", ...(Array.isArray(keys) ? keys : [keys])]);
    return this.with({ into: (next) => new Grouping({ keysOf: all, reducers, style: userStyle }, next) });
  }

  sortAsc(spec?: unknown): JqlCollection {
    return this.with(sorting(spec, 1));
  }

  sortDesc(spec?: unknown): JqlCollection {
    return this.with(sorting(spec, -1));
  }

  applyGroupLimits(limits: number[] = [], most = Infinity): JqlCollection {
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
