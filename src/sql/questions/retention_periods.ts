/** The periods by which people are born. */
import type { Buckets } from "../../analytics/time_buckets.ts";
import type { SqlOptions } from "../asking.ts";
import { sqlEvents } from "../chosen_events.ts";
import { type SqlBuckets, sqlBuckets } from "../time_column.ts";
import { type CalendarUnit, unitNumber, unitNumberOf } from "../unit_number.ts";

/** Over the column `moment`; `interval` units make one period. */
export function retentionPeriods(
  options: SqlOptions,
  { unit, interval, buckets }: { unit: CalendarUnit; interval: number; buckets: Buckets },
): SqlBuckets {
  const { dialect } = options;
  const time = { sql: "moment", kind: sqlEvents(options).time.kind };
  if (interval === 1) return sqlBuckets(options, { time, unit, buckets });
  const first = unitNumberOf(Temporal.PlainDate.from(buckets.keys[0]!), unit);
  const units = dialect.toNumber(`${unitNumber(options, time, unit)} - ${first}`);
  return {
    sql: dialect.floor(dialect.quotient(units, String(interval))),
    shown: (sql) => sql,
    positionOf: (shown) => Number(shown) < buckets.keys.length ? Number(shown) : -1,
  };
}
