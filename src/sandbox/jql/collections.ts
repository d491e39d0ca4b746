/**
 * `Events()`, `People()`, `join()` and the transformations of a JQL script, as script text. Nothing is computed while
 * `main()` runs: it only says what to do. The sandbox then pushes items through, batch by batch.
 */
export const COLLECTIONS = String.raw`
(function (builtins) {
  "use strict";
  const { Reducer, MultipleKeys, accessorOf } = builtins;
  /** The most reducers that one transformation takes. */
  const MOST_REDUCERS = 8;
  /** Items that wait to be handed to a script's own reducer: of one group, and of all together. */
  const GROUP_WAITING = 500;
  const ALL_WAITING = 20000;

  class Collection {
    constructor(source, stages = []) {
      Object.defineProperty(this, "source", { value: source });
      Object.defineProperty(this, "stages", { value: stages });
    }
    with(stage) {
      return new Collection(this.source, [...this.stages, stage]);
    }
    filter(test) {
      needFunction("filter", test);
      return this.with({ keepsItems: true, into: (next) => ({ push: (item) => void (test(item) && next.push(item)), end: () => next.end() }) });
    }
    map(change) {
      needFunction("map", change);
      return this.with({ into: (next) => ({ push: (item) => next.push(change(item)), end: () => next.end() }) });
    }
    flatten() {
      const push = (item, next) => Array.isArray(item) ? item.forEach((one) => next.push(one)) : next.push(item);
      return this.with({ into: (next) => ({ push: (item) => push(item, next), end: () => next.end() }) });
    }
    reduce(reducers) {
      const start = () => grouping(() => [[]], reducers, accumulating);
      return this.with({ into: (next) => start().into(next, { value: (_key, value) => value, isWhole: true }) });
    }
    groupBy(keys, reducers) {
      const start = () => grouping(keysOf(keys), reducers, accumulating);
      return this.with({ into: (next) => start().into(next) });
    }
    groupByUser(...given) {
      if (!this.stages.every((stage) => stage.keepsItems)) {
        throw new Error("groupByUser() can only be applied to Events(), People() or join(), or to a filter() of them");
      }
      const [keys, reducers] = given.length > 1 ? given : [[], given[0]];
      const all = keysOf(["distinct_id", ...(Array.isArray(keys) ? keys : [keys])]);
      return this.with({ into: (next) => grouping(all, reducers, inOrder).into(next) });
    }
    sortAsc(spec) {
      return this.with(sorting(spec, 1));
    }
    sortDesc(spec) {
      return this.with(sorting(spec, -1));
    }
    applyGroupLimits(limits = [], most = Infinity) {
      return this.with({ into: (next) => limiting(limits, most, next) });
    }
  }

  function needFunction(name, given) {
    if (typeof given !== "function") throw new TypeError(name + "() needs a function");
  }

  /** Every key that an item belongs to. Lists are part of the key, or, as multiple keys, make one key each. */
  function keysOf(keys) {
    const specs = (Array.isArray(keys) ? keys : [keys]).flatMap((spec) =>
      spec instanceof MultipleKeys
        ? spec.accessors.map((accessor) => ({ accessor, isMultiple: true }))
        : [{ accessor: accessorOf(spec), isMultiple: false }]
    );
    return (item) => {
      let found = [[]];
      for (const { accessor, isMultiple } of specs) {
        const value = accessor(item);
        const options = !Array.isArray(value) ? [[value]] : isMultiple ? value.map((one) => [one]) : [value];
        if (found.length === 1 && options.length === 1) found[0].push(...options[0]);
        else found = found.flatMap((key) => options.map((option) => [...key, ...option]));
      }
      return found;
    };
  }

  /** A script's own reducer for groupBy() and reduce(): it combines what it returned before with new items. */
  const accumulating = (reduce) => (state, items) => [reduce(state ?? [], items)];
  accumulating.end = (state) => state?.[0];
  /** And for groupByUser(): it takes its last result, and all items of a user come in the order of time. */
  const inOrder = (reduce) => (state, items) => reduce(state, items);
  inOrder.end = (state) => state;

  function grouping(keysOf, given, style) {
    const isList = Array.isArray(given);
    const reducers = isList ? given : [given];
    if (reducers.length > MOST_REDUCERS) throw new Error("At most " + MOST_REDUCERS + " reducers can be applied at once");
    for (const one of reducers) if (!(one instanceof Reducer)) needFunction("A reducer", one);
    const own = reducers.map((one) => one instanceof Reducer ? undefined : style(one));
    const groups = new Map();
    let waiting = 0;

    const flush = (group) => {
      waiting -= group.items.length;
      own.forEach((reduce, at) => {
        if (reduce) group.states[at] = reduce(group.states[at], group.items);
      });
      group.items = [];
    };
    const groupOf = (key) => {
      const id = JSON.stringify(key, scalar);
      let group = groups.get(id);
      if (group === undefined) {
        group = { key: JSON.parse(id), items: [], states: reducers.map((one) => one instanceof Reducer ? one.start() : undefined) };
        groups.set(id, group);
      }
      return group;
    };
    const add = (group, item) => {
      for (let at = 0; at < reducers.length; at++) {
        if (own[at] === undefined) group.states[at] = reducers[at].add(group.states[at], item);
      }
      if (own.every((one) => one === undefined)) return;
      group.items.push(item);
      waiting++;
      if (group.items.length >= GROUP_WAITING) flush(group);
      if (waiting >= ALL_WAITING) for (const one of groups.values()) if (one.items.length > 0) flush(one);
    };
    const valueOf = (group) => {
      const values = reducers.map((one, at) => one instanceof Reducer ? one.end(group.states[at]) : style.end(group.states[at]));
      return isList ? values : values[0];
    };
    return {
      into: (next, { value = (key, value) => ({ key, value }), isWhole = false } = {}) => ({
        push: (item) => {
          for (const key of keysOf(item)) add(groupOf(key), item);
        },
        end: () => {
          if (isWhole) flush(groupOf([]));
          for (const group of groups.values()) {
            if (group.items.length > 0) flush(group);
            next.push(value(group.key, valueOf(group)));
          }
          next.end();
        },
      }),
    };
  }

  function scalar(name, value) {
    if (name === "" || typeof value !== "object" || value === null) return value;
    throw new TypeError("A group key can only consist of strings, numbers, booleans and nulls");
  }

  function sorting(spec, direction) {
    const accessor = accessorOf(spec);
    const compare = (a, b) => a.by < b.by ? -direction : a.by > b.by ? direction : 0;
    return {
      into: (next) => {
        const all = [];
        return {
          push: (item) => void all.push({ by: accessor(item), item }),
          end: () => {
            all.sort(compare).forEach(({ item }) => next.push(item));
            next.end();
          },
        };
      },
    };
  }

  /** At each level of the key, as many different values as its limit says. */
  function limiting(limits, most, next) {
    const seen = new Map();
    let passed = 0;
    const isAllowed = (key) => {
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
    return {
      push: (item) => {
        if (passed >= most || !isAllowed(item.key ?? [])) return;
        passed++;
        next.push(item);
      },
      end: () => next.end(),
    };
  }

  const dayOf = (value, name) => {
    const text = value instanceof Date ? value.toISOString() : value;
    if (typeof text === "string" && /^\d{4}-\d\d-\d\d/.test(text)) return text.slice(0, 10);
    throw new Error("Events() needs " + name + " as YYYY-MM-DD");
  };

  globalThis.Events = (given) => {
    const { from_date, to_date, event_selectors } = given ?? {};
    const range = { fromDay: dayOf(from_date, "from_date"), toDay: dayOf(to_date, "to_date") };
    return new Collection({ kind: "events", ...range, selectors: event_selectors });
  };
  globalThis.People = (given) => new Collection({ kind: "people", selectors: given?.user_selectors });
  globalThis.join = (events, people, { type = "full", selectors } = {}) => {
    const isSource = (one, kind) => one instanceof Collection && one.source.kind === kind;
    if (!isSource(events, "events") || !isSource(people, "people")) throw new Error("join() needs Events() and People()");
    if (events.stages.length + people.stages.length > 0) throw new Error("Nothing can be applied to a collection inside join()");
    if (!["full", "left", "right", "inner"].includes(type)) throw new Error("There is no join of the type " + type);
    return new Collection({ kind: "join", events: events.source, people: people.source, type, selectors });
  };

  let sink;
  let printed = [];
  let users = new Map();
  const drain = () => {
    const text = printed.map((item) => JSON.stringify(item) ?? "null").join();
    printed = [];
    return text;
  };
  // What the sandbox calls, and no script can reach.
  return {
    /** Runs main(). Returns its source as JSON text. */
    plan(main) {
      if (typeof main !== "function") throw new Error("The script must define a main() function");
      const collection = main();
      if (!(collection instanceof Collection)) {
        throw new Error("main() must return a collection: Events(), People() or join(), and what is applied to it");
      }
      sink = { push: (item) => void printed.push(item), end() {} };
      for (const stage of [...collection.stages].reverse()) sink = stage.into(sink);
      return JSON.stringify(collection.source);
    },
    /** Takes a batch. Returns the items that came out, as JSON text without brackets. */
    push(text) {
      for (const item of JSON.parse(text)) sink.push(item);
      return drain();
    },
    /** Takes a batch of a join: new users by id, then pairs of an event and the id of its user. */
    pushPairs(text) {
      const batch = JSON.parse(text);
      for (const user of batch.users) users.set(user.distinct_id, user);
      for (const { distinct_id, event } of batch.pairs) sink.push({ distinct_id, event, user: users.get(distinct_id) });
      return drain();
    },
    end() {
      sink.end();
      return drain();
    },
  };
})
`;
