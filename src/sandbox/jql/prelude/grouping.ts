/** Groups items by keys, and reduces each group. */
import { asList } from "./keys.ts";
import { Reducer } from "./reducers.ts";
import { needFunction, type Sink } from "./sink.ts";

/** The most reducers that one transformation takes. */
const MOST_REDUCERS = 8;
/** Items that wait to be handed to a script's own reducer: of one group, and of all together. */
const GROUP_WAITING = 500;
const ALL_WAITING = 20000;

/** A reducer that a script has written itself. */
type ScriptReducer = (state: unknown, items: unknown) => unknown;

/** How a script's own reducer is called, and what its last state says. */
interface ReducerStyle {
  call(reduce: ScriptReducer, state: unknown, items: unknown[]): unknown;
  end(state: unknown): unknown;
}

/** For groupBy() and reduce(): it combines what it returned before with new items. */
export const groupStyle: ReducerStyle = {
  call: (reduce, state, items) => [reduce(state ?? [], items)],
  end: (state) => (state as unknown[] | undefined)?.[0],
};

/** For groupByUser(): it takes its last result, and all items of a user come in the order of time. */
export const userStyle: ReducerStyle = {
  call: (reduce, state, items) => reduce(state, items),
  end: (state) => state,
};

interface Group {
  key: unknown[];
  /** Items that wait. */
  items: unknown[];
  /** One for each reducer. */
  states: unknown[];
}

interface GroupingOptions {
  keysOf(item: unknown): unknown[][];
  /** One reducer or a list, as the script has them. */
  reducers: unknown;
  style: ReducerStyle;
  /** What becomes of a group. Default: an object of key and value. */
  show?(key: unknown[], value: unknown): unknown;
  /** All is one group, which is there without items too. */
  isWhole?: boolean;
}

export class Grouping implements Sink {
  readonly #options: GroupingOptions;
  readonly #next: Sink;
  readonly #reducers: (Reducer | ScriptReducer)[];
  readonly #hasScriptReducers: boolean;
  readonly #groups = new Map<string, Group>();
  #waiting = 0;

  constructor(options: GroupingOptions, next: Sink) {
    this.#options = options;
    this.#next = next;
    this.#reducers = asList(options.reducers) as (Reducer | ScriptReducer)[];
    if (this.#reducers.length > MOST_REDUCERS) {
      throw new Error(`At most ${MOST_REDUCERS} reducers can be applied at once`);
    }
    const own = this.#reducers.filter((one) => !(one instanceof Reducer));
    for (const one of own) needFunction("A reducer", one);
    this.#hasScriptReducers = own.length > 0;
  }

  push(item: unknown): void {
    for (const key of this.#options.keysOf(item)) this.#add(this.#groupOf(key), item);
  }

  end(): void {
    const { isWhole = false, show = (key, value) => ({ key, value }) } = this.#options;
    if (isWhole) this.#flush(this.#groupOf([]));
    for (const group of this.#groups.values()) {
      if (group.items.length > 0) this.#flush(group);
      this.#next.push(show(group.key, this.#valueOf(group)));
    }
    this.#next.end();
  }

  #groupOf(key: unknown[]): Group {
    const id = JSON.stringify(key, scalar);
    let group = this.#groups.get(id);
    if (group === undefined) {
      const states = this.#reducers.map((one) => one instanceof Reducer ? one.start() : undefined);
      group = { key: JSON.parse(id) as unknown[], items: [], states };
      this.#groups.set(id, group);
    }
    return group;
  }

  #add(group: Group, item: unknown): void {
    for (let at = 0; at < this.#reducers.length; at++) {
      const one = this.#reducers[at];
      if (one instanceof Reducer) group.states[at] = one.add(group.states[at], item);
    }
    if (!this.#hasScriptReducers) return;
    group.items.push(item);
    this.#waiting++;
    if (group.items.length >= GROUP_WAITING) this.#flush(group);
    if (this.#waiting >= ALL_WAITING) {
      for (const each of this.#groups.values()) if (each.items.length > 0) this.#flush(each);
    }
  }

  #flush(group: Group): void {
    this.#waiting -= group.items.length;
    this.#reducers.forEach((one, at) => {
      if (!(one instanceof Reducer)) group.states[at] = this.#options.style.call(one, group.states[at], group.items);
    });
    group.items = [];
  }

  #valueOf({ states }: Group): unknown {
    const { reducers, style } = this.#options;
    const values = this.#reducers.map((one, at) =>
      one instanceof Reducer ? one.end(states[at]) : style.end(states[at])
    );
    return Array.isArray(reducers) ? values : values[0];
  }
}

function scalar(name: string, value: unknown): unknown {
  if (name === "" || typeof value !== "object" || value === null) return value;
  throw new TypeError("A group key can only consist of strings, numbers, booleans and nulls");
}
