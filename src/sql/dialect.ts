/** What SQL of an engine looks like, as far as the statements of questions need it. */

export const ENGINES = ["duckdb", "clickhouse", "trino", "spark", "bigquery", "snowflake", "postgres"] as const;
export type EngineName = (typeof ENGINES)[number];

/** Units that clock time is cut into. Weeks start on Monday. */
export type SqlUnit = "minute" | "hour" | "day" | "week" | "month" | "quarter" | "year";

/**
 * What the column of an event's time holds: `instant` is a timestamp that knows its zone, `plain` one that shows the clock of
 * UTC and has none; numbers count since 1970.
 */
export type TimeKind = "instant" | "plain" | "seconds" | "milliseconds";

/** An expression for a moment. */
export interface SqlTime {
  sql: string;
  kind: TimeKind;
}

/**
 * Writes the parts of a statement. Arguments that are called `sql`, or by what they compute, are expressions; everything else
 * is plain text and is quoted here. An expression that is handed back binds at least as tightly as a function call or stands in
 * parentheses.
 */
export interface Dialect {
  readonly name: EngineName;
  /** As people write it: `ClickHouse`. */
  readonly title: string;
  /** The kind that a column of moments has when nothing is known of it. */
  readonly timeKind: TimeKind;
  /** Whether windows can be partitioned by numbers with a fraction. */
  readonly partitionsByFractions: boolean;
  /** Whether columns can only have the names that `mp export --names safe` gives them. */
  readonly hasSafeNames?: true;
  /** What a statement that joins ends with, if the engine would get it wrong without. */
  readonly afterJoins?: string;

  /**
   * Where parts cannot refer to themselves: a SELECT of the rows of a chain. Of the rows of a part, which are links of a
   * `person`, the first one has `entry_number` 1 and `floor_place` 0. The next one has the `next_number` of a link as its
   * `entry_number`, and its `exit_place` as its `floor_place`, or 0 where `exit_ms` is more than `reachMs` before its `entry_ms`.
   *
   * @returns what gives `person`, `entry_number` and `floor_place` of each
   */
  chainOf?(part: string, reachMs: number): string;

  /** A name of a column or a table. @throws MpError (input) for one that the engine has no way to write */
  identifier(name: string): string;
  text(value: string): string;
  /** A number of 64 bits with a fraction, whatever its value is. */
  number(value: number): string;
  boolean(value: boolean): string;

  /** A constant to compare a column of moments with. */
  moment(timeMs: number, kind: TimeKind): string;
  /** Whole milliseconds since 1970, as a number of 64 bits. */
  epochMs(time: SqlTime): string;
  /** The same in whole seconds, without their fraction. */
  epochSeconds(time: SqlTime): string;
  /** What the clock of a zone shows at a moment, as a timestamp without a zone. */
  localTime(time: SqlTime, zone: string): string;
  /** The first moment of the unit that a local time is in: a date, or a timestamp for hours and minutes. */
  truncated(localTime: string, unit: SqlUnit): string;
  /** A date as whole days since 1970. */
  dayNumber(date: string): string;
  /** `2026-08-01` of a date. */
  dayText(date: string): string;
  /** `2026-08-01 13:00:00` of a timestamp. */
  timeText(localTime: string): string;

  /** As a number of 64 bits with a fraction. */
  toNumber(sql: string): string;
  /** As text; of a whole number its digits. */
  toText(sql: string): string;
  /** The digits of a number that has no fraction. */
  wholeText(number: string): string;
  /** The number that text is, and NULL where it is none. */
  parsedNumber(text: string): string;
  /** The quotient of numbers with a fraction; NULL where the divisor is 0. */
  quotient(dividend: string, divisor: string): string;
  /** The remainder of the same, which has the sign of the dividend; NULL where the divisor is 0. */
  remainder(dividend: string, divisor: string): string;
  floor(number: string): string;
  ceil(number: string): string;
  /** Whether text has another text in it, letter by letter. NULL where either is. */
  contains(text: string, part: string): string;
  joined(left: string, right: string): string;
  /** Text such that `<` and `>` go by the numbers of characters, and not by a language. */
  ordered(text: string): string;

  /** How many different values there are, exactly. NULL does not count. */
  countDistinct(sql: string): string;
  /** How many rows meet a condition. */
  countIf(condition: string): string;
}
