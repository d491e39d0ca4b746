import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, doubling, escaping, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

const text = (value: string): string => escaping("'", value);

const EPOCH = "TIMESTAMP_NTZ '1970-01-01 00:00:00'";

/** A local time of UTC. */
function clockOfUtc({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "instant":
      return `convert_timezone('UTC', ${sql})`;
    case "plain":
      return sql;
    case "seconds":
      return `convert_timezone('UTC', timestamp_seconds(${sql}))`;
    case "milliseconds":
      return `convert_timezone('UTC', timestamp_millis(CAST(${sql} AS BIGINT)))`;
  }
}

export const spark: Dialect = {
  name: "spark",
  title: "Spark",
  timeKind: "instant",
  partitionsByFractions: true,

  identifier: (name) => doubling("`", checkedName(name, "Spark")),
  text,
  number: (value) => `CAST(${value} AS DOUBLE)`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMP '${utcClock(timeMs)} UTC'` : `TIMESTAMP_NTZ '${utcClock(timeMs)}'`;
  },
  epochMs({ sql, kind }) {
    if (kind === "seconds") return `CAST(round(${sql} * 1000) AS BIGINT)`;
    if (kind === "milliseconds") return `CAST(${sql} AS BIGINT)`;
    return kind === "instant" ? `unix_millis(${sql})` : `timestampdiff(MILLISECOND, ${EPOCH}, ${sql})`;
  },
  epochSeconds({ sql, kind }) {
    if (kind === "seconds") return `CAST(floor(${sql}) AS BIGINT)`;
    if (kind === "milliseconds") return `(CAST(${sql} AS BIGINT) div 1000)`;
    return kind === "instant" ? `unix_seconds(${sql})` : `timestampdiff(SECOND, ${EPOCH}, ${sql})`;
  },
  localTime(time, zone) {
    const utc = clockOfUtc(time);
    if (zone === "UTC") return utc;
    return time.kind === "plain"
      ? `convert_timezone('UTC', ${text(zone)}, ${utc})`
      : utc.replace("convert_timezone('UTC', ", () => `convert_timezone(${text(zone)}, `);
  },
  truncated(localTime, unit) {
    if (unit === "hour" || unit === "minute") return `date_trunc('${unit}', ${localTime})`;
    const date = `CAST(${localTime} AS DATE)`;
    return unit === "day" ? date : `trunc(${date}, '${unit}')`;
  },
  dayNumber: (date) => `unix_date(${date})`,
  dayText: (date) => `CAST(${date} AS STRING)`,
  timeText: (localTime) => `date_format(${localTime}, 'yyyy-MM-dd HH:mm:ss')`,

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
