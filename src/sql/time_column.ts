/** The bucket of time that an event is in. */
import type { Buckets } from "../analytics/time_buckets.ts";
import type { SqlOptions, SqlValue } from "./asking.ts";
import type { SqlTime, SqlUnit } from "./dialect.ts";

/** Expressions for a bucket. */
export interface SqlBuckets {
  /** To group by: a date, a timestamp, or a number. */
  sql: string;
  /** The same as a column of an answer has it. `sql` is an expression for what `this.sql` gave. */
  shown(sql: string): string;
  /** The position in the keys of `Buckets`, or -1. */
  positionOf(shown: SqlValue): number;
}

/** @param interval how many days make one bucket, where the unit is `day` */
export function sqlBuckets(
  { dialect, timeZone }: SqlOptions,
  { time, unit, buckets, interval = 1 }: { time: SqlTime; unit: SqlUnit; buckets: Buckets; interval?: number },
): SqlBuckets {
  const local = dialect.localTime(time, timeZone);
  const sql = dialect.truncated(local, unit);
  if (interval > 1) {
    const first = Date.parse(buckets.keys[0]!) / 86_400_000;
    return {
      sql: dialect.floor(dialect.quotient(dialect.toNumber(`${dialect.dayNumber(sql)} - ${first}`), String(interval))),
      shown: (sql) => sql,
      positionOf: (shown) => Number(shown) < buckets.keys.length ? Number(shown) : -1,
    };
  }
  const positions = new Map(buckets.keys.map((key, position) => [key, position]));
  const isClock = unit === "hour" || unit === "minute";
  return {
    sql,
    shown: (sql) => isClock ? dialect.timeText(sql) : dialect.dayText(sql),
    positionOf: (shown) => positions.get(String(shown)) ?? -1,
  };
}
