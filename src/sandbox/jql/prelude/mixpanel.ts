/** The global `mixpanel`: reducers, and functions that compute keys. */
import { type Accessor, accessorOf, isRealNumber, MultipleKeys } from "./keys.ts";
import { reducer } from "./reducers.ts";

type Edge = (value: number) => number | undefined;

const DAY_MS = 86_400_000;
const MONDAY_MS = 4 * DAY_MS;

/** Lower edges of calendar buckets. Times are those of the project's clock, as if it were UTC. */
function months(count: number): { edge: Edge } {
  return {
    edge(time) {
      const date = new Date(time);
      return Date.UTC(date.getUTCFullYear(), Math.floor(date.getUTCMonth() / count) * count, 1);
    },
  };
}

function lowerEdge(buckets: unknown): Edge {
  if (Array.isArray(buckets)) {
    const edges = [...buckets as number[]].sort((a, b) => a - b);
    return (value) => edges.findLast((edge) => edge <= value);
  }
  const { edge, bucket_size: size = 0, offset = 0 } = (buckets || {}) as {
    edge?: Edge;
    bucket_size?: number;
    offset?: number;
  };
  if (typeof edge === "function") return edge;
  if (!(size > 0)) throw new TypeError("numeric_bucket() needs a list of edges, or {bucket_size, offset}");
  return (value) => Math.floor((value - offset) / size) * size + offset;
}

function toNumber(value: unknown): number | undefined {
  if (isRealNumber(value)) return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  if (typeof value !== "string" || value.trim() === "") return undefined;
  const number = Number(value);
  if (isRealNumber(number)) return number;
  const time = /^\d{4}-\d\d-\d\d/.test(value) ? Date.parse(value) : NaN;
  return isRealNumber(time) ? time / 1000 : undefined;
}

function toBoolean(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "" && value !== "false" && value !== 0 && value !== false;
}

function converter(convert: (value: unknown) => unknown): (spec?: unknown) => Accessor {
  return (spec) => {
    const accessor = accessorOf(spec);
    return (item) => convert(accessor(item));
  };
}

export const mixpanel = {
  reducer,
  numeric_bucket(spec: unknown, buckets: unknown): Accessor {
    const accessor = accessorOf(spec);
    const edge = lowerEdge(buckets);
    return (item) => {
      const value = accessor(item);
      return isRealNumber(value) ? edge(value) : undefined;
    };
  },
  daily_time_buckets: { bucket_size: DAY_MS },
  weekly_time_buckets: { bucket_size: 7 * DAY_MS, offset: MONDAY_MS },
  monthly_time_buckets: months(1),
  quarterly_time_buckets: months(3),
  annual_time_buckets: months(12),
  multiple_keys: (specs: unknown) => new MultipleKeys(specs),
  slice(spec: unknown, start: number, limit?: number): Accessor {
    const accessor = accessorOf(spec);
    return (item) => (accessor(item) as unknown[] || []).slice(start, limit);
  },
  to_number: converter(toNumber),
  to_string: converter((value) => value === undefined ? undefined : String(value)),
  to_boolean: converter(toBoolean),
};
