/**
 * The global `mixpanel` of a JQL script, as script text: reducers, and functions that compute keys. Returns what the
 * collections need of it.
 *
 * A reducer is an object that adds items one by one, so that no group has to be held as a whole.
 */
export const BUILTINS = String.raw`
(function () {
  "use strict";
  class Reducer {
    constructor(start, add, end = (state) => state) {
      Object.assign(this, { start, add, end });
    }
  }
  class MultipleKeys {
    constructor(specs) {
      this.accessors = (Array.isArray(specs) ? specs : [specs]).map(accessorOf);
    }
  }

  /** A function as it is; a path such as "properties.plan" or "key.1"; nothing stands for the item itself. */
  function accessorOf(spec) {
    if (typeof spec === "function") return spec;
    if (spec === undefined || spec === null) return (item) => item;
    if (typeof spec !== "string") throw new TypeError("An accessor must be a function or the path of a property");
    const path = spec.split(".");
    return (item) => {
      let value = item;
      for (const part of path) {
        if (value === null || value === undefined) return undefined;
        value = value[part];
      }
      return value;
    };
  }

  const isNumber = (value) => typeof value === "number" && value === value;
  const weightOf = (item, { account_for_sampling = false } = {}) => {
    const { sampling_factor = 1 } = account_for_sampling && item ? item.event || item : {};
    return 1 / sampling_factor;
  };

  /** A reducer of the numbers that an accessor finds; what is no number is left out. */
  const numeric = (start, add, end) => (spec, options) => {
    const accessor = accessorOf(spec);
    return new Reducer(start, (state, item) => {
      const value = accessor(item);
      return isNumber(value) ? add(state, value, weightOf(item, options)) : state;
    }, end);
  };
  const extreme = (isBetter) => numeric(() => null, (best, value) => best === null || isBetter(value, best) ? value : best);
  const extremeBy = (isBetter) => (spec) => {
    const accessor = accessorOf(spec);
    return new Reducer(() => null, (best, item) => {
      const value = accessor(item);
      return isNumber(value) && (best === null || isBetter(value, best.value)) ? { value, item } : best;
    }, (best) => best === null ? null : best.item);
  };

  const percentile = (sorted, percent) =>
    sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(percent / 100 * sorted.length) - 1)];
  const numericPercentiles = (...given) => {
    const spec = given.length > 1 ? given[0] : undefined;
    const wanted = given[given.length - 1];
    return numeric(() => [], (all, value) => (all.push(value), all), (all) => {
      all.sort((a, b) => a - b);
      if (!Array.isArray(wanted)) return percentile(all, wanted);
      return wanted.map((percent) => ({ percentile: percent, value: percentile(all, percent) }));
    })(spec);
  };

  const merge = (into, from) => {
    for (const name of Object.keys(from)) {
      const [old, value] = [Object.hasOwn(into, name) ? into[name] : undefined, from[name]];
      if (isNumber(value) && isNumber(old)) into[name] = old + value;
      else if (isPlain(value)) into[name] = merge(isPlain(old) ? old : {}, value);
      else into[name] = value;
    }
    return into;
  };
  const isPlain = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

  const summary = ({ count, sum, squares }) => {
    if (count === 0) return { count: 0, sum: 0, sum_squares: 0, avg: null, stddev: null };
    const avg = sum / count;
    return { count, sum, sum_squares: squares, avg, stddev: Math.sqrt(Math.max(0, squares / count - avg * avg)) };
  };

  const reducer = {
    count: (options) => new Reducer(() => 0, (count, item) => count + weightOf(item, options), Math.round),
    sum: numeric(() => 0, (sum, value, weight) => sum + value * weight),
    avg: numeric(
      () => ({ count: 0, sum: 0 }),
      ({ count, sum }, value, weight) => ({ count: count + weight, sum: sum + value * weight }),
      ({ count, sum }) => count === 0 ? null : sum / count,
    ),
    min: extreme((value, best) => value < best),
    max: extreme((value, best) => value > best),
    min_by: extremeBy((value, best) => value < best),
    max_by: extremeBy((value, best) => value > best),
    numeric_summary: numeric(
      () => ({ count: 0, sum: 0, squares: 0 }),
      ({ count, sum, squares }, value) => ({ count: count + 1, sum: sum + value, squares: squares + value * value }),
      summary,
    ),
    numeric_percentiles: numericPercentiles,
    top: (limit) =>
      new Reducer(() => [], (all, item) => (all.push(item), all), (all) =>
        all.sort((a, b) => b.value - a.value).slice(0, limit)),
    any: () => new Reducer(() => undefined, (any, item) => any === undefined ? item : any, (any) => any ?? null),
    null: () => new Reducer(() => null, () => null),
    object_merge: () => new Reducer(() => ({}), (merged, item) => isPlain(item) ? merge(merged, item) : merged),
  };

  // Lower edges of calendar buckets. Times are those of the project's clock, as if it were UTC.
  const calendar = (edge) => ({ edge: (time) => edge(new Date(time)) });
  const monthEdge = (months) => (date) =>
    Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / months) * months, 1);
  const DAY_MS = 86400000;
  const MONDAY_MS = 4 * DAY_MS;
  const lowerEdge = (spec) => {
    if (spec && typeof spec.edge === "function") return spec.edge;
    if (Array.isArray(spec)) {
      const edges = [...spec].sort((a, b) => a - b);
      return (value) => edges.findLast((edge) => edge <= value);
    }
    const { bucket_size: size, offset = 0 } = spec || {};
    if (!(size > 0)) throw new TypeError("numeric_bucket() needs a list of edges, or {bucket_size, offset}");
    return (value) => Math.floor((value - offset) / size) * size + offset;
  };

  const toNumber = (value) => {
    if (isNumber(value)) return value;
    if (typeof value === "boolean") return value ? 1 : 0;
    if (typeof value !== "string" || value.trim() === "") return undefined;
    const number = Number(value);
    if (isNumber(number)) return number;
    const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
    return isNumber(time) ? time / 1000 : undefined;
  };
  const converter = (convert) => (spec) => {
    const accessor = accessorOf(spec);
    return (item) => convert(accessor(item));
  };

  globalThis.mixpanel = {
    reducer,
    numeric_bucket(spec, buckets) {
      const accessor = accessorOf(spec);
      const edge = lowerEdge(buckets);
      return (item) => {
        const value = accessor(item);
        return isNumber(value) ? edge(value) : undefined;
      };
    },
    daily_time_buckets: { bucket_size: DAY_MS },
    weekly_time_buckets: { bucket_size: 7 * DAY_MS, offset: MONDAY_MS },
    monthly_time_buckets: calendar(monthEdge(1)),
    quarterly_time_buckets: calendar(monthEdge(3)),
    annual_time_buckets: calendar(monthEdge(12)),
    multiple_keys: (specs) => new MultipleKeys(specs),
    slice(spec, start, limit) {
      const accessor = accessorOf(spec);
      return (item) => (accessor(item) || []).slice(start, limit);
    },
    to_number: converter(toNumber),
    to_string: converter((value) => value === undefined ? undefined : String(value)),
    to_boolean: converter((value) => value !== undefined && value !== null && value !== "" && value !== "false" && value !== 0 && value !== false),
  };
  return { Reducer, MultipleKeys, accessorOf };
})
`;
