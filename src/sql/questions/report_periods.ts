/** What the range of a report is cut into. */
import type { Buckets } from "../../analytics/time_buckets.ts";
import type { TimeRange } from "../../sandbox/query/bookmarks/time.ts";
import type { SqlOptions } from "../asking.ts";
import { sqlEvents } from "../chosen_events.ts";
import { type SqlBuckets, sqlBuckets } from "../time_column.ts";

/** Over the column `moment`. Hours of the day and days of the week are put together by the answer. */
export function reportPeriods(options: SqlOptions, { unit }: TimeRange, buckets: Buckets): SqlBuckets {
  const { kind } = sqlEvents(options).time;
  const time = { sql: "moment", kind };
  if (unit === "hour_of_day") {
    const hours = sqlBuckets(options, { time, unit: "hour", buckets });
    return { ...hours, positionOf: (shown) => Number(String(shown).slice(11, 13)) };
  }
  if (unit === "day_of_week") {
    const days = sqlBuckets(options, { time, unit: "day", buckets });
    return { ...days, positionOf: (shown) => Temporal.PlainDate.from(String(shown)).dayOfWeek - 1 };
  }
  return sqlBuckets(options, { time, unit, buckets });
}
