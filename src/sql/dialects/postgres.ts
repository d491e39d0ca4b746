import { notInSql } from "../asking.ts";
import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, doubling, escapingAfterE, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

/** How a backslash between plain quotes is read is a setting; after E it is read in one way. */
function text(value: string): string {
  if (value.includes("\0")) throw notInSql("a text with a NUL character", "PostgreSQL has none");
  return /[\\\n\r]/.test(value) ? escapingAfterE(value) : doubling("'", value);
}

function instantOf({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "instant":
      return sql;
    case "plain":
      return `(${sql} AT TIME ZONE 'UTC')`;
    case "seconds":
      return `to_timestamp(${sql})`;
    case "milliseconds":
      return `to_timestamp(${sql} / 1000.0)`;
  }
}

export const postgres: Dialect = {
  name: "postgres",
  title: "PostgreSQL",
  timeKind: "instant",
  partitionsByFractions: true,

  identifier: (name) => doubling('"', checkedName(name, "PostgreSQL")),
  text,
  number: (value) => `CAST(${value} AS DOUBLE PRECISION)`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMPTZ '${utcClock(timeMs)}+00'` : `TIMESTAMP '${utcClock(timeMs)}'`;
  },
  epochMs: (time) =>
    time.kind === "milliseconds"
      ? `CAST(${time.sql} AS BIGINT)`
      : `CAST(round(extract(epoch FROM ${instantOf(time)}) * 1000) AS BIGINT)`,
  epochSeconds: (time) =>
    time.kind === "milliseconds"
      ? `(CAST(${time.sql} AS BIGINT) / 1000)`
      : `CAST(floor(extract(epoch FROM ${instantOf(time)})) AS BIGINT)`,
  localTime: (time, zone) =>
    time.kind === "plain" && zone === "UTC" ? time.sql : `(${instantOf(time)} AT TIME ZONE ${text(zone)})`,
  truncated(localTime, unit) {
    if (unit === "day") return `CAST(${localTime} AS DATE)`;
    const start = `date_trunc('${unit}', ${localTime})`;
    return unit === "hour" || unit === "minute" ? start : `CAST(${start} AS DATE)`;
  },
  dayNumber: (date) => `(${date} - DATE '1970-01-01')`,
  dayText: (date) => `to_char(${date}, 'YYYY-MM-DD')`,
  timeText: (localTime) => `to_char(${localTime}, 'YYYY-MM-DD HH24:MI:SS')`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE PRECISION)`,
  toText: (sql) => `CAST(${sql} AS TEXT)`,
  wholeText: (number) => `CAST(CAST(${number} AS BIGINT) AS TEXT)`,
  parsedNumber: (sql) => `CASE WHEN ${sql} ~ ${text(NUMBER_TEXT)} THEN CAST(${sql} AS DOUBLE PRECISION) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder() {
    throw notInSql('"%"', "PostgreSQL has no remainder of numbers with a fraction");
  },
  floor: (number) => `floor(${number})`,
  ceil: (number) => `ceil(${number})`,
  contains: (text, part) => `(strpos(${text}, ${part}) > 0)`,
  joined: (left, right) => `(${left} || ${right})`,
  ordered: (sql) => `(${sql} COLLATE "C")`,

  countDistinct: (sql) => `count(DISTINCT ${sql})`,
  countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
};
