import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, doubling, nonZero, NUMBER_TEXT, utcClock, withEscapedEnds } from "./literals.ts";

const text = (value: string): string => withEscapedEnds(doubling("'", value.replaceAll("\\", "\\\\")));

/** A time without a zone that shows the clock of UTC. */
function clockOfUtc({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "plain":
      return sql;
    case "instant":
      return `CAST(CONVERT_TIMEZONE('UTC', ${sql}) AS TIMESTAMP_NTZ)`;
    case "seconds":
      return `TO_TIMESTAMP_NTZ(CAST(ROUND(${sql} * 1000) AS NUMBER(38, 0)), 3)`;
    case "milliseconds":
      return `TO_TIMESTAMP_NTZ(CAST(${sql} AS NUMBER(38, 0)), 3)`;
  }
}

export const snowflake: Dialect = {
  name: "snowflake",
  title: "Snowflake",
  timeKind: "plain",
  partitionsByFractions: true,

  identifier: (name) => doubling('"', checkedName(name, "Snowflake")),
  text,
  number: (value) => `CAST(${value} AS DOUBLE)`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant"
      ? `CAST('${utcClock(timeMs)} +0000' AS TIMESTAMP_TZ)`
      : `CAST('${utcClock(timeMs)}' AS TIMESTAMP_NTZ)`;
  },
  epochMs: (time) => `DATE_PART(EPOCH_MILLISECOND, ${clockOfUtc(time)})`,
  epochSeconds: (time) => `DATE_PART(EPOCH_SECOND, ${clockOfUtc(time)})`,
  localTime: (time, zone) =>
    zone === "UTC" ? clockOfUtc(time) : `CONVERT_TIMEZONE('UTC', ${text(zone)}, ${clockOfUtc(time)})`,
  truncated(localTime, unit) {
    if (unit === "hour" || unit === "minute") return `DATE_TRUNC('${unit}', ${localTime})`;
    const date = `CAST(${localTime} AS DATE)`;
    if (unit === "day") return date;
    // On which day DATE_TRUNC begins a week depends on the session.
    return unit === "week" ? `DATEADD(day, 1 - DAYOFWEEKISO(${date}), ${date})` : `DATE_TRUNC('${unit}', ${date})`;
  },
  dayNumber: (date) => `DATEDIFF(day, CAST('1970-01-01' AS DATE), ${date})`,
  dayText: (date) => `TO_CHAR(${date}, 'YYYY-MM-DD')`,
  timeText: (localTime) => `TO_CHAR(${localTime}, 'YYYY-MM-DD HH24:MI:SS')`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE)`,
  toText: (sql) => `CAST(${sql} AS VARCHAR)`,
  wholeText: (number) => `CAST(CAST(${number} AS NUMBER(38, 0)) AS VARCHAR)`,
  parsedNumber: (sql) => `CASE WHEN REGEXP_LIKE(${sql}, ${text(NUMBER_TEXT)}) THEN TRY_TO_DOUBLE(TRIM(${sql})) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder: (dividend, divisor) => `MOD(${dividend}, ${nonZero(divisor)})`,
  floor: (number) => `FLOOR(${number})`,
  ceil: (number) => `CEIL(${number})`,
  contains: (text, part) => `CONTAINS(${text}, ${part})`,
  joined: (left, right) => `(${left} || ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `COUNT(DISTINCT ${sql})`,
  countIf: (condition) => `COUNT_IF(${condition})`,
};
