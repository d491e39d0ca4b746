/** The parts of a statement that counts who comes back, by `src/analytics/{retention,return_rates}.ts`. */
import type { UnboundedMode } from "../../analytics/return_rates.ts";
import type { SqlOptions } from "../asking.ts";
import type { SqlTime } from "../dialect.ts";
import { nested, selectOf, type SqlPart } from "../statement.ts";
import { type CalendarUnit, unitNumber } from "../unit_number.ts";
import { serialNames } from "./funnel_events.ts";

/** Conditions are on the columns of the part `from`, and are true, false or NULL. */
export interface SqlRetention {
  /** The part that has each event once. */
  from: string;
  time: SqlTime;
  /** NULL for the events of nobody. */
  person: string;
  /** What decides between events of one person and moment, in this order. */
  ties: readonly string[];
  born: string;
  returned: string;
  /** `birth`: by the first time that a person was ever born; `compounded`: by the first time in each period. */
  kind: "birth" | "compounded";
  /** When people may be born: the first millisecond, and the first one after. */
  startMs: number;
  endMs: number;
  /** The period of a birth, over the column `moment`. */
  period: string;
  intervals: SqlIntervals;
  carry: UnboundedMode;
  /** Events in place of people. */
  countsEvents: boolean;
  /** By what people are split, never NULL: values of the born event, or of that with which they come back. */
  segments: readonly string[];
  splitBy: "born" | "returned";
}

/** The intervals after a birth, the 0th first: of one length, or up to so many units after it. */
export type SqlIntervals =
  | { lengthMs: number; count: number }
  | { endsMs: readonly number[] }
  /** By the calendar: the first one ends with the unit in which somebody was born. */
  | { unit: CalendarUnit; ends: readonly number[] };

export interface RetentionSql {
  parts: readonly SqlPart[];
  /**
   * `period`, `segment_1` …, `is_birth`, `bucket` and `people` or `events`: with `is_birth` 1 how many were born, with 0 how many
   * came back in the bucket. With a `carry` it is the last, or the first, or the only bucket that tells of a person: see
   * `retention_counts.ts`.
   */
  from: string;
  columns: readonly string[];
}

export function retentionParts(options: SqlOptions, retention: SqlRetention): RetentionSql {
  const { segments, countsEvents } = retention;
  const groups = ["period", ...serialNames("segment", segments.length), "is_birth", "bucket"];
  const counted = countsEvents ? "events" : "people";
  const parts = [
    ...seenParts(options, retention),
    bornPart(retention),
    cameBackPart(options, retention),
    ...carriedParts(retention),
  ];
  const counts = {
    name: "counts",
    select: selectOf({
      columns: [...groups, `${countsEvents ? "sum(times)" : "count(*)"} AS ${counted}`],
      from: parts.at(-1)!.name,
      groupBy: groups,
    }),
  };
  return { parts: [...parts, counts], from: "counts", columns: [...groups, counted] };
}

type CalendarIntervals = Extract<SqlIntervals, { unit: CalendarUnit }>;
const isCalendar = (intervals: SqlIntervals): intervals is CalendarIntervals => "unit" in intervals;

/** `seen` has the events that may be a birth or a return, each with its `place` among those of the person. */
function seenParts(options: SqlOptions, retention: SqlRetention): SqlPart[] {
  const { dialect } = options;
  const { from, time, person, ties, born, returned, segments, intervals } = retention;
  const order = ["at_ms", ...serialNames("tie", ties.length)].join(", ");
  const own = ["person", "at_ms", "moment", "is_born", "is_return", ...serialNames("segment", segments.length)];
  const timed = selectOf({
    columns: [
      `${person} AS person`,
      `${dialect.epochMs(time)} AS at_ms`,
      `${time.sql} AS moment`,
      ...ties.map((tie, index) => `${tie} AS tie_${index + 1}`),
      `CASE WHEN ${born} THEN 1 ELSE 0 END AS is_born`,
      `CASE WHEN ${returned} THEN 1 ELSE 0 END AS is_return`,
      ...segments.map((value, index) => `${value} AS segment_${index + 1}`),
    ],
    from,
    where: [`${person} IS NOT NULL`],
  });
  const seen = selectOf({
    columns: [
      ...own,
      ...(isCalendar(intervals)
        ? [`${unitNumber(options, { sql: "moment", kind: time.kind }, intervals.unit)} AS unit_number`]
        : []),
      `row_number() OVER (PARTITION BY person ORDER BY ${order}) AS place`,
    ],
    from: "timed",
    where: ["(is_born = 1 OR is_return = 1)"],
  });
  return [{ name: "timed", select: timed }, { name: "seen", select: seen }];
}

/** `born` has the beginnings that count, one a person, or one a person and period. */
function bornPart({ kind, startMs, endMs, period, segments, splitBy, intervals }: SqlRetention): SqlPart {
  const own = splitBy === "born" ? serialNames("segment", segments.length) : [];
  const unit = isCalendar(intervals) ? ["unit_number"] : [];
  const among = kind === "birth" ? "person" : "person, period";
  const inRange = [`at_ms >= ${startMs}`, `at_ms < ${endMs}`];
  const births = selectOf({
    columns: ["person", "place", "at_ms", ...unit, ...own, `${period} AS period`],
    from: "seen",
    where: ["is_born = 1", ...(kind === "birth" ? [] : inRange)],
  });
  const numbers = selectOf({
    columns: [
      "person",
      "place",
      "at_ms",
      ...unit,
      ...own,
      "period",
      `min(place) OVER (PARTITION BY ${among}) AS first_place`,
    ],
    from: nested(births, "births"),
  });
  return {
    name: "born",
    select: selectOf({
      columns: [
        "person",
        "period",
        "place AS born_place",
        "at_ms AS born_ms",
        ...unit.map((name) => `${name} AS born_unit`),
        ...own,
      ],
      from: nested(numbers, "with_first"),
      where: ["place = first_place", ...(kind === "birth" ? inRange : [])],
    }),
  };
}

/** `came_back` has each bucket in which somebody came back, and for each birth a row of its own with `is_birth`. */
function cameBackPart({ dialect }: SqlOptions, retention: SqlRetention): SqlPart {
  const { segments, splitBy, intervals } = retention;
  const { bucket, isWithin } = bucketOf(
    intervals,
    (dividend, divisor) => dialect.floor(dialect.quotient(dialect.toNumber(dividend), divisor)),
  );
  const side = splitBy === "born" ? "b" : "e";
  const isBirth = "e.place = b.born_place";
  const columns = [
    ["person", "b.person"],
    ["period", "b.period"],
    ...serialNames("segment", segments.length).map((name) => [name, `${side}.${name}`]),
    // Nobody comes back with the event that they began with, but with another one of the same moment.
    ["is_birth", `CASE WHEN ${isBirth} THEN 1 ELSE 0 END`],
    ["bucket", `CASE WHEN ${isBirth} THEN 0 ELSE ${bucket} END`],
  ] as const;
  const names = columns.map(([name]) => name!);
  const returns = selectOf({
    columns: columns.map(([name, sql]) => `${sql} AS ${name}`),
    from: "born b\nJOIN seen e ON e.person = b.person",
    where: ["e.at_ms >= b.born_ms", isWithin, `(e.is_return = 1 OR ${isBirth})`],
  });
  return {
    name: "came_back",
    select: selectOf({ columns: [...names, "count(*) AS times"], from: nested(returns, "returns"), groupBy: names }),
  };
}

function bucketOf(intervals: SqlIntervals, quotient: (dividend: string, divisor: string) => string) {
  if (isCalendar(intervals)) {
    const units = "(e.unit_number - b.born_unit)";
    return { bucket: ladder(units, intervals.ends), isWithin: `${units} < ${intervals.ends.at(-1)}` };
  }
  const sinceMs = "(e.at_ms - b.born_ms)";
  if ("endsMs" in intervals) {
    return { bucket: ladder(sinceMs, intervals.endsMs), isWithin: `${sinceMs} < ${intervals.endsMs.at(-1)}` };
  }
  const { lengthMs, count } = intervals;
  return { bucket: quotient(sinceMs, String(lengthMs)), isWithin: `${sinceMs} < ${lengthMs * count}` };
}

/** How many of the ends, which rise by any steps, are not above a value. */
function ladder(value: string, ends: readonly number[]): string {
  if (ends.every((end, index) => end === index + 1)) return value;
  return `CASE ${ends.slice(0, -1).map((end, index) => `WHEN ${value} < ${end} THEN ${index}`).join(" ")} ELSE ${
    ends.length - 1
  } END`;
}

/** What one bucket tells of all of a person's. */
function carriedParts({ carry, countsEvents, segments }: SqlRetention): SqlPart[] {
  if (carry === "none" || countsEvents) return [];
  const groups = ["person", "period", ...serialNames("segment", segments.length)];
  if (carry === "consecutive_forward") {
    const buckets = selectOf({ columns: [...groups, "bucket"], from: "came_back", groupBy: [...groups, "bucket"] });
    const ranks = selectOf({
      columns: [...groups, "bucket", "row_number() OVER (PARTITION BY person, period ORDER BY bucket) - 1 AS place"],
      from: nested(buckets, "buckets"),
    });
    return [{
      name: "carried",
      select: selectOf({
        columns: [
          ...groups,
          "0 AS is_birth",
          "sum(CASE WHEN ranks.bucket = ranks.place THEN 1 ELSE 0 END) - 1 AS bucket",
        ],
        from: nested(ranks, "ranks"),
        groupBy: groups,
      }),
    }];
  }
  const all = [...groups, "is_birth"];
  const bucket = carry === "carry_back" ? "max(c.bucket)" : "min(c.bucket)";
  return [{
    name: "carried",
    select: selectOf({
      columns: [...all.map((name) => `c.${name} AS ${name}`), `${bucket} AS bucket`],
      from: "came_back c",
      ...(carry === "carry_forward" && { where: ["(c.is_birth = 1 OR c.bucket > 0)"] }),
      groupBy: all.map((name) => `c.${name}`),
    }),
  }];
}
