import type { Dialect } from "../dialect.ts";
import { checkedName, doubling, escapingAfterE, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

const text = (value: string): string => /[\n\r]/.test(value) ? escapingAfterE(value) : doubling("'", value);

export const duckdb: Dialect = {
  name: "duckdb",
  title: "DuckDB",
  timeKind: "instant",
  partitionsByFractions: true,

  identifier: (name) => doubling('"', checkedName(name, "DuckDB")),
  text,
  number: (value) => `(${value})::DOUBLE`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMPTZ '${utcClock(timeMs)}+00'` : `TIMESTAMP '${utcClock(timeMs)}'`;
  },
  epochMs({ sql, kind }) {
    if (kind === "seconds") return `CAST(round(${sql} * 1000) AS BIGINT)`;
    return kind === "milliseconds" ? `CAST(${sql} AS BIGINT)` : `epoch_ms(${sql})`;
  },
  epochSeconds({ sql, kind }) {
    if (kind === "seconds") return `CAST(floor(${sql}) AS BIGINT)`;
    return kind === "milliseconds" ? `(CAST(${sql} AS BIGINT) // 1000)` : `(epoch_ms(${sql}) // 1000)`;
  },
  localTime({ sql, kind }, zone) {
    if (kind === "plain") {
      return zone === "UTC" ? sql : `(${sql} AT TIME ZONE 'UTC' AT TIME ZONE ${text(zone)})`;
    }
    const instant = kind === "instant"
      ? sql
      : kind === "seconds"
      ? `to_timestamp(${sql})`
      : `to_timestamp(${sql} / 1000)`;
    return `(${instant} AT TIME ZONE ${text(zone)})`;
  },
  truncated(localTime, unit) {
    if (unit === "day") return `CAST(${localTime} AS DATE)`;
    const start = `date_trunc('${unit}', ${localTime})`;
    return unit === "hour" || unit === "minute" ? start : `CAST(${start} AS DATE)`;
  },
  dayNumber: (date) => `date_diff('day', DATE '1970-01-01', ${date})`,
  dayText: (date) => `strftime(${date}, '%Y-%m-%d')`,
  timeText: (localTime) => `strftime(${localTime}, '%Y-%m-%d %H:%M:%S')`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE)`,
  toText: (sql) => `CAST(${sql} AS VARCHAR)`,
  wholeText: (number) => `CAST(CAST(${number} AS BIGINT) AS VARCHAR)`,
  parsedNumber: (sql) => `CASE WHEN regexp_matches(${sql}, ${text(NUMBER_TEXT)}) THEN TRY_CAST(${sql} AS DOUBLE) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder: (dividend, divisor) => `(${dividend} % ${nonZero(divisor)})`,
  floor: (number) => `floor(${number})`,
  ceil: (number) => `ceil(${number})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  joined: (left, right) => `(${left} || ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `count(DISTINCT ${sql})`,
  countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
};
