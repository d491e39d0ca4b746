/** `mixpanel.reducer`: reducers that add items one by one, so that no group has to be held as a whole. */
import { setMember } from "../../../streams/json/members.ts";
import { accessorOf, isRealNumber } from "./keys.ts";

export class Reducer {
  constructor(
    readonly start: () => unknown,
    readonly add: (state: unknown, item: unknown) => unknown,
    readonly end: (state: unknown) => unknown,
  ) {}
}

interface ReducerOptions {
  account_for_sampling?: boolean;
}

type Values = Record<string, unknown>;

function reducerOf<S>(start: () => S, add: (state: S, item: unknown) => S, end?: (state: S) => unknown): Reducer {
  return new Reducer(start, add as Reducer["add"], (end ?? ((state) => state)) as Reducer["end"]);
}

/** What an item counts for, which may be a sample of many. */
function weightOf(item: unknown, { account_for_sampling = false }: ReducerOptions = {}): number {
  const sampled = account_for_sampling && item ? (item as Values).event || item : {};
  const { sampling_factor = 1 } = sampled as { sampling_factor?: number };
  return 1 / sampling_factor;
}

/** A reducer of the numbers that an accessor finds; what is no number is left out. */
function numeric<S>(
  start: () => S,
  add: (state: S, value: number, weight: number) => S,
  end?: (state: S) => unknown,
): (spec?: unknown, options?: ReducerOptions) => Reducer {
  return (spec, options) => {
    const accessor = accessorOf(spec);
    return reducerOf(start, (state, item) => {
      const value = accessor(item);
      return isRealNumber(value) ? add(state, value, weightOf(item, options)) : state;
    }, end);
  };
}

type Comparison = (value: number, best: number) => boolean;

function extreme(isBetter: Comparison) {
  return numeric<number | null>(
    () => null,
    (best, value) => best === null || isBetter(value, best) ? value : best,
  );
}

function extremeBy(isBetter: Comparison) {
  return (spec?: unknown): Reducer => {
    const accessor = accessorOf(spec);
    return reducerOf<{ value: number; item: unknown } | null>(
      () => null,
      (best, item) => {
        const value = accessor(item);
        return isRealNumber(value) && (best === null || isBetter(value, best.value)) ? { value, item } : best;
      },
      (best) => best === null ? null : best.item,
    );
  };
}

function percentile(sorted: readonly number[], percent: number): number | null {
  return sorted.length === 0 ? null : sorted[Math.max(0, Math.ceil(percent / 100 * sorted.length) - 1)];
}

/** Takes an accessor and percents, or the percents alone. */
function numericPercentiles(...given: unknown[]): Reducer {
  const spec = given.length > 1 ? given[0] : undefined;
  const wanted = given[given.length - 1];
  return numeric<number[]>(() => [], (all, value) => (all.push(value), all), (all) => {
    all.sort((a, b) => a - b);
    if (!Array.isArray(wanted)) return percentile(all, wanted as number);
    return wanted.map((percent) => ({ percentile: percent, value: percentile(all, percent) }));
  })(spec);
}

function merge(into: Values, from: Values): Values {
  for (const name of Object.keys(from)) {
    const [old, value] = [Object.hasOwn(into, name) ? into[name] : undefined, from[name]];
    const merged = isRealNumber(value) && isRealNumber(old)
      ? old + value
      : isPlain(value)
      ? merge(isPlain(old) ? old : {}, value)
      : value;
    setMember(into, name, merged);
  }
  return into;
}

function isPlain(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function summary({ count, sum, squares }: { count: number; sum: number; squares: number }): Values {
  if (count === 0) return { count: 0, sum: 0, sum_squares: 0, avg: null, stddev: null };
  const avg = sum / count;
  return { count, sum, sum_squares: squares, avg, stddev: Math.sqrt(Math.max(0, squares / count - avg * avg)) };
}

export const reducer = {
  count: (options?: ReducerOptions) => reducerOf(() => 0, (count, item) => count + weightOf(item, options), Math.round),
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
  top: (limit: number) =>
    reducerOf<{ value: number }[]>(
      () => [],
      (all, item) => (all.push(item as { value: number }), all),
      (all) => all.sort((a, b) => b.value - a.value).slice(0, limit),
    ),
  any: () => reducerOf<unknown>(() => undefined, (any, item) => any === undefined ? item : any, (any) => any ?? null),
  null: () => reducerOf(() => null, () => null),
  object_merge: () => reducerOf<Values>(() => ({}), (merged, item) => isPlain(item) ? merge(merged, item) : merged),
};
