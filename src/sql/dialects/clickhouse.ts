import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, escaping, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

const text = (value: string): string => escaping("'", value);

/** A DateTime64, which has milliseconds. A time of this engine always is an instant. */
function exact({ sql, kind }: SqlTime): string {
  if (kind === "seconds") return `fromUnixTimestamp64Milli(toInt64(round(${sql} * 1000)), 'UTC')`;
  return kind === "milliseconds"
    ? `fromUnixTimestamp64Milli(toInt64(${sql}), 'UTC')`
    : `toDateTime64(${sql}, 3, 'UTC')`;
}

const STARTS = {
  minute: "toStartOfMinute",
  hour: "toStartOfHour",
  day: "toDate",
  week: "toMonday",
  month: "toStartOfMonth",
  quarter: "toStartOfQuarter",
  year: "toStartOfYear",
};

export const clickhouse: Dialect = {
  name: "clickhouse",
  title: "ClickHouse",
  timeKind: "instant",
  partitionsByFractions: true,
  // In ClickHouse 26 the cache takes rows of a table over files, which a join had no need of, for rows that no other
  // question needs. It is there from 25.3 on.
  afterJoins: "SETTINGS use_query_condition_cache = 0",

  identifier: (name) => escaping("`", checkedName(name, "ClickHouse")),
  text,
  number: (value) => `toFloat64(${value})`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    return kind === "milliseconds" ? String(timeMs) : `toDateTime64('${utcClock(timeMs)}', 3, 'UTC')`;
  },
  epochMs: (time) => `toUnixTimestamp64Milli(${exact(time)})`,
  epochSeconds: (time) => `intDiv(toUnixTimestamp64Milli(${exact(time)}), 1000)`,
  // The clock of the zone is shown as if it were that of UTC, so that an hour which comes twice is one.
  localTime(time, zone) {
    const instant = exact(time);
    if (zone === "UTC") return instant;
    return `(${instant} + toIntervalSecond(timezoneOffset(toTimeZone(${instant}, ${text(zone)}))))`;
  },
  truncated: (localTime, unit) => `${STARTS[unit]}(${localTime})`,
  dayNumber: (date) => `toInt32(${date})`,
  dayText: (date) => `toString(${date})`,
  timeText: (localTime) => `formatDateTime(${localTime}, '%Y-%m-%d %H:%i:%S')`,

  toNumber: (sql) => `toFloat64(${sql})`,
  toText: (sql) => `toString(${sql})`,
  wholeText: (number) => `toString(toInt64(${number}))`,
  parsedNumber: (sql) => `CASE WHEN match(${sql}, ${text(NUMBER_TEXT)}) THEN toFloat64OrNull(trim(${sql})) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder: (dividend, divisor) => `(${dividend} % ${nonZero(divisor)})`,
  floor: (number) => `floor(${number})`,
  ceil: (number) => `ceil(${number})`,
  contains: (text, part) => `(position(${text}, ${part}) > 0)`,
  joined: (left, right) => `concat(${left}, ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `uniqExact(${sql})`,
  countIf: (condition) => `countIf(${condition})`,
};
