import { notInSql } from "../asking.ts";
import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, escaping, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

/** Neither texts nor names go over the end of a line. */
function oneLine(quoted: string): string {
  // deno-lint-ignore no-control-regex -- these are what is escaped
  return quoted.replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g, (character) => {
    return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
  });
}
const text = (value: string): string => oneLine(escaping("'", value));

function instantOf({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "instant":
      return sql;
    case "plain":
      return `TIMESTAMP(${sql}, 'UTC')`;
    case "seconds":
      return `TIMESTAMP_MILLIS(CAST(ROUND(${sql} * 1000) AS INT64))`;
    case "milliseconds":
      return `TIMESTAMP_MILLIS(CAST(${sql} AS INT64))`;
  }
}

export const bigquery: Dialect = {
  name: "bigquery",
  title: "BigQuery",
  timeKind: "instant",
  partitionsByFractions: false,
  hasSafeNames: true,

  identifier: (name) => oneLine(escaping("`", checkedName(name, "BigQuery"))),
  text,
  number: (value) => `CAST(${value} AS FLOAT64)`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMP '${utcClock(timeMs)}+00'` : `DATETIME '${utcClock(timeMs)}'`;
  },
  epochMs: (time) => `UNIX_MILLIS(${instantOf(time)})`,
  epochSeconds: (time) => `UNIX_SECONDS(${instantOf(time)})`,
  localTime: (time, zone) =>
    time.kind === "plain" && zone === "UTC" ? time.sql : `DATETIME(${instantOf(time)}, ${text(zone)})`,
  truncated(localTime, unit) {
    if (unit === "hour" || unit === "minute") return `DATETIME_TRUNC(${localTime}, ${unit.toUpperCase()})`;
    const date = `DATE(${localTime})`;
    if (unit === "day") return date;
    return `DATE_TRUNC(${date}, ${unit === "week" ? "ISOWEEK" : unit.toUpperCase()})`;
  },
  dayNumber: (date) => `UNIX_DATE(${date})`,
  dayText: (date) => `CAST(${date} AS STRING)`,
  timeText: (localTime) => `FORMAT_DATETIME('%Y-%m-%d %H:%M:%S', ${localTime})`,

  toNumber: (sql) => `CAST(${sql} AS FLOAT64)`,
  toText: (sql) => `CAST(${sql} AS STRING)`,
  wholeText: (number) => `CAST(CAST(${number} AS INT64) AS STRING)`,
  parsedNumber: (sql) =>
    `CASE WHEN REGEXP_CONTAINS(${sql}, ${text(NUMBER_TEXT)}) THEN SAFE_CAST(TRIM(${sql}) AS FLOAT64) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder() {
    throw notInSql('"%"', "BigQuery has no remainder of numbers with a fraction");
  },
  floor: (number) => `FLOOR(${number})`,
  ceil: (number) => `CEIL(${number})`,
  contains: (text, part) => `(STRPOS(${text}, ${part}) > 0)`,
  joined: (left, right) => `CONCAT(${left}, ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `COUNT(DISTINCT ${sql})`,
  countIf: (condition) => `COUNTIF(${condition})`,
};
