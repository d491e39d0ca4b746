import type { Dialect, SqlTime } from "../dialect.ts";
import { checkedName, doubling, nonZero, NUMBER_TEXT, utcClock } from "./literals.ts";

/** The escapes of texts that begin with U& are the numbers of characters. */
function text(value: string): string {
  if (!/[\n\r]/.test(value)) return doubling("'", value);
  const escaped = value.replaceAll("\\", "\\\\").replaceAll("\n", "\\000a").replaceAll("\r", "\\000d");
  return `U&${doubling("'", escaped)}`;
}

function instantOf({ sql, kind }: SqlTime): string {
  switch (kind) {
    case "instant":
      return sql;
    case "plain":
      return `with_timezone(${sql}, 'UTC')`;
    case "seconds":
      return `from_unixtime(${sql})`;
    case "milliseconds":
      return `from_unixtime(${sql} / 1000e0)`;
  }
}

const LINK =
  "ROW(entry_number BIGINT, floor_place BIGINT, entry_ms BIGINT, exit_place BIGINT, exit_ms BIGINT, next_number BIGINT)";
const CHAIN =
  "ROW(next_number BIGINT, exit_place BIGINT, exit_ms BIGINT, links ARRAY(ROW(entry_number BIGINT, floor_place BIGINT)))";

export const trino: Dialect = {
  name: "trino",
  title: "Trino",
  timeKind: "plain",
  partitionsByFractions: true,

  // Trino follows parts that refer to themselves ten times at most, each of which it plans again.
  chainOf: (part, reachMs) =>
    `SELECT p.person AS person, k.entry_number AS entry_number, k.floor_place AS floor_place
FROM (
  SELECT
    person,
    reduce(
      array_agg(CAST(ROW(entry_number, floor_place, entry_ms, exit_place, exit_ms, next_number) AS ${LINK})
        ORDER BY entry_number, floor_place),
      CAST(ROW(1, 0, -9007199254740991, ARRAY[]) AS ${CHAIN}),
      (s, x) -> IF(
        x.entry_number = s.next_number AND x.floor_place = IF(s.exit_ms >= x.entry_ms - ${reachMs}, s.exit_place, 0),
        CAST(ROW(x.next_number, x.exit_place, x.exit_ms, s.links || ROW(x.entry_number, x.floor_place)) AS ${CHAIN}),
        s
      ),
      s -> s.links
    ) AS links
  FROM ${part}
  GROUP BY person
) p
CROSS JOIN UNNEST(p.links) AS k (entry_number, floor_place)`,

  identifier: (name) => doubling('"', checkedName(name, "Trino")),
  text,
  number: (value) => `DOUBLE '${value}'`,
  boolean: (value) => String(value),

  moment(timeMs, kind) {
    if (kind === "seconds") return String(timeMs / 1000);
    if (kind === "milliseconds") return String(timeMs);
    return `TIMESTAMP '${utcClock(timeMs)}${kind === "instant" ? " UTC" : ""}'`;
  },
  epochMs: (time) =>
    time.kind === "milliseconds"
      ? `CAST(${time.sql} AS BIGINT)`
      : `CAST(round(to_unixtime(${instantOf(time)}) * 1000) AS BIGINT)`,
  epochSeconds: (time) =>
    time.kind === "milliseconds"
      ? `(CAST(${time.sql} AS BIGINT) / 1000)`
      : `CAST(floor(to_unixtime(${instantOf(time)})) AS BIGINT)`,
  localTime: (time, zone) =>
    time.kind === "plain" && zone === "UTC"
      ? time.sql
      : `CAST(${instantOf(time)} AT TIME ZONE ${text(zone)} AS TIMESTAMP(3))`,
  truncated(localTime, unit) {
    if (unit === "day") return `CAST(${localTime} AS DATE)`;
    const start = `date_trunc('${unit}', ${localTime})`;
    return unit === "hour" || unit === "minute" ? start : `CAST(${start} AS DATE)`;
  },
  dayNumber: (date) => `date_diff('day', DATE '1970-01-01', ${date})`,
  dayText: (date) => `CAST(${date} AS VARCHAR)`,
  timeText: (localTime) => `date_format(${localTime}, '%Y-%m-%d %H:%i:%s')`,

  toNumber: (sql) => `CAST(${sql} AS DOUBLE)`,
  toText: (sql) => `CAST(${sql} AS VARCHAR)`,
  wholeText: (number) => `CAST(CAST(${number} AS BIGINT) AS VARCHAR)`,
  parsedNumber: (sql) =>
    `CASE WHEN regexp_like(${sql}, ${text(NUMBER_TEXT)}) THEN TRY_CAST(trim(${sql}) AS DOUBLE) END`,
  quotient: (dividend, divisor) => `(${dividend} / ${nonZero(divisor)})`,
  remainder: (dividend, divisor) => `(${dividend} % ${nonZero(divisor)})`,
  floor: (number) => `floor(${number})`,
  ceil: (number) => `ceil(${number})`,
  contains: (text, part) => `(strpos(${text}, ${part}) > 0)`,
  joined: (left, right) => `(${left} || ${right})`,
  ordered: (sql) => sql,

  countDistinct: (sql) => `count(DISTINCT ${sql})`,
  countIf: (condition) => `count_if(${condition})`,
};
