import { inputError } from "../../errors.ts";
import type { Dialect } from "../dialect.ts";
import { nonZero } from "./non_zero.ts";

const unzoned = (timeMs: number): string => new Date(timeMs).toISOString().replace("T", " ").slice(0, -1);
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

/** DuckDB takes more for a number: `nan`, `1_000`. */
const NUMBER = "^\\s*[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d+)?\\s*$";

export const duckdb: Dialect = {
  name: "duckdb",
  title: "DuckDB",
  timeKind: "instant",

  identifier(name) {
    if (name === "" || name.includes("\0")) throw inputError(`Cannot write the name ${JSON.stringify(name)} in SQL`);
    return `"${name.replaceAll('"', '""')}"`;
  },
  text,
  number: (value) => `(${value})::DOUBLE`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return kind === "instant" ? `TIMESTAMPTZ '${unzoned(timeMs)}+00'` : `TIMESTAMP '${unzoned(timeMs)}'`;
  },
  epochMs: ({ sql, kind }) =>
    kind === "seconds"
      ? `round(${sql} * 1000)::BIGINT`
      : kind === "milliseconds"
      ? `${sql}::BIGINT`
      : `epoch_ms(${sql})`,
  epochSeconds: ({ sql, kind }) =>
    kind === "seconds"
      ? `floor(${sql})::BIGINT`
      : kind === "milliseconds"
      ? `(${sql}::BIGINT // 1000)`
      : `(epoch_ms(${sql}) // 1000)`,
  localTime({ sql, kind }, zone) {
    const instant = kind === "instant"
      ? sql
      : kind === "plain"
      ? `(${sql} AT TIME ZONE 'UTC')`
      : kind === "seconds"
      ? `to_timestamp(${sql})`
      : `to_timestamp(${sql} / 1000)`;
    return kind === "plain" && zone === "UTC" ? sql : `(${instant} AT TIME ZONE ${text(zone)})`;
  },
  truncated: (localTime, unit) =>
    unit === "hour" || unit === "minute"
      ? `date_trunc('${unit}', ${localTime})`
      : unit === "day"
      ? `${localTime}::DATE`
      : `date_trunc('${unit}', ${localTime})::DATE`,
  dayNumber: (date) => `date_diff('day', DATE '1970-01-01', ${date})`,
  dayText: (date) => `strftime(${date}, '%Y-%m-%d')`,
  timeText: (localTime) => `strftime(${localTime}, '%Y-%m-%d %H:%M:%S')`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE)`,
  toText: (sql) => `CAST(${sql} AS VARCHAR)`,
  parsedNumber: (sql) => `CASE WHEN regexp_matches(${sql}, ${text(NUMBER)}) THEN TRY_CAST(${sql} AS DOUBLE) END`,
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
