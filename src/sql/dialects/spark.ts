import { notInSql } from "../asking.ts";
import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, doubling, escaping, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

/** Spark puts values of variables in the place of `${name}`, between quotes and in comments too. */
const text = (value: string): string => escaping("'", value).replaceAll("${", "\\u0024{");

function identifier(name: string): string {
  if (name.includes("${")) throw notInSql(`the name ${JSON.stringify(name)}`, "Spark takes ${…} for a variable");
  return doubling("`", checkedName(name, "Spark"));
}

const EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";

function epochMs({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "instant":
      return `unix_millis(${sql})`;
    case "plain":
      return `timestampdiff(MILLISECOND, ${EPOCH}, ${sql})`;
    case "seconds":
      return `CAST(round(${sql} * 1000) AS BIGINT)`;
    case "milliseconds":
      return `CAST(${sql} AS BIGINT)`;
  }
}

/** Functions of timestamps go by the session's zone, in which an hour is missing or comes twice when clocks are changed. */
const asText = (localTime: string): string => `CAST(${localTime} AS STRING)`;

export const spark: Dialect = {
  name: "spark",
  title: "Spark",
  timeKind: "instant",
  partitionsByFractions: true,

  identifier,
  text,
  number: (value) => `CAST(${value} AS DOUBLE)`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMP '${utcClock(timeMs)} UTC'` : `TIMESTAMP_NTZ '${utcClock(timeMs)}'`;
  },
  epochMs,
  epochSeconds({ sql, kind }) {
    if (kind === "seconds") return `CAST(floor(${sql}) AS BIGINT)`;
    if (kind === "milliseconds") return `(CAST(${sql} AS BIGINT) div 1000)`;
    return kind === "instant" ? `unix_seconds(${sql})` : `timestampdiff(SECOND, ${EPOCH}, ${sql})`;
  },
  localTime(time, zone) {
    const utc = time.kind === "plain" ? time.sql : `timestampadd(MILLISECOND, ${epochMs(time)}, ${EPOCH})`;
    return zone === "UTC" ? utc : `convert_timezone('UTC', ${text(zone)}, ${utc})`;
  },
  truncated(localTime, unit) {
    if (unit === "hour") return `CAST(concat(left(${asText(localTime)}, 13), ':00:00') AS TIMESTAMP_NTZ)`;
    if (unit === "minute") return `CAST(concat(left(${asText(localTime)}, 16), ':00') AS TIMESTAMP_NTZ)`;
    const date = `CAST(${localTime} AS DATE)`;
    return unit === "day" ? date : `trunc(${date}, '${unit}')`;
  },
  dayNumber: (date) => `unix_date(${date})`,
  dayText: (date) => `CAST(${date} AS STRING)`,
  timeText: (localTime) => `left(${asText(localTime)}, 19)`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE)`,
  toText: (sql) => `CAST(${sql} AS STRING)`,
  wholeText: (number) => `CAST(CAST(${number} AS BIGINT) AS STRING)`,
  parsedNumber: (sql) => `CASE WHEN ${sql} RLIKE ${text(NUMBER_TEXT)} THEN try_cast(${sql} AS DOUBLE) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder: (dividend, divisor) => `(${dividend} % ${nonZero(divisor)})`,
  // Spark rounds to BIGINT.
  floor: (number) => `CAST(floor(${number}) AS DOUBLE)`,
  ceil: (number) => `CAST(ceil(${number}) AS DOUBLE)`,
  contains: (text, part) => `contains(${text}, ${part})`,
  joined: (left, right) => `concat(${left}, ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `count(DISTINCT ${sql})`,
  countIf: (condition) => `count_if(${condition})`,
};
