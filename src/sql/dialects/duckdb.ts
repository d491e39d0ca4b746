import { inputError } from "../../errors.ts";
import type { Dialect } from "../dialect.ts";

const unzoned = (timeMs: number): string => new Date(timeMs).toISOString().replace("T", " ").slice(0, -1);
const text = (value: string): string => `'${value.replaceAll("'", "''")}'`;

export const duckdb: Dialect = {
  name: "duckdb",
  title: "DuckDB",
  timeKind: "instant",

  identifier(name) {
    if (name === "" || name.includes("\0")) throw inputError(`Cannot write the name ${JSON.stringify(name)} in SQL`);
    return /^[a-z_][a-z0-9_]*$/.test(name) && !RESERVED.has(name) ? name : `"${name.replaceAll('"', '""')}"`;
  },
  text,
  number: (value) => `${value}::DOUBLE`,
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
  parsedNumber: (sql) => `TRY_CAST(${sql} AS DOUBLE)`,
  quotient: (dividend, divisor) => `(${dividend} / nullif(${divisor}, 0))`,
  remainder: (dividend, divisor) => `(${dividend} % nullif(${divisor}, 0))`,
  floor: (number) => `floor(${number})`,
  ceil: (number) => `ceil(${number})`,
  contains: (text, part) => `contains(${text}, ${part})`,
  joined: (left, right) => `(${left} || ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `count(DISTINCT ${sql})`,
  countIf: (condition) => `count(*) FILTER (WHERE ${condition})`,
};

/** Words that DuckDB refuses as the name of a column. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default
  deferrable desc describe distinct do else end except false fetch for foreign from group having in initially intersect into
  lambda lateral leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify
  references returning select show some summarize symmetric table then to trailing true union unique unpivot using variadic
  when where window with`.split(/\s+/),
);
