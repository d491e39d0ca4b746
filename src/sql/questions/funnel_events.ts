/** The first parts of a funnel's statement: the events that it looks at, and those with which people enter. */
import type { SqlOptions } from "../asking.ts";
import { nested, selectOf, type SqlPart } from "../statement.ts";
import { type FunnelMode, openStepsOf, type SqlFunnel } from "./funnel_rules_sql.ts";

export const serialNames = (name: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${name}_${index + 1}`);

/** 1 where a condition is true, and 0 where it is false or NULL. */
const flag = (condition: string, name: string): string => `CASE WHEN ${condition} THEN 1 ELSE 0 END AS ${name}`;

/**
 * `step_events` has a row for each event that may be a step or an exclusion: `person`, `place` (its number among those of the
 * person, in the order of time), `at_ms`, `moment`, `is_1` … and `excludes_1` … (0 or 1), `held_1` …, `segment_1` …, and where
 * the mode needs them `session` and `entries`, how many entries there are up to it.
 */
export function stepEvents(options: SqlOptions, funnel: SqlFunnel, mode: FunnelMode): SqlPart[] {
  const { dialect } = options;
  const { from, time, person, ties, steps, exclusions, held, segments, endMs } = funnel;
  const order = ["at_ms", ...ties.map((_, index) => `tie_${index + 1}`)].join(", ");
  const flags = [...serialNames("is", steps.length), ...serialNames("excludes", exclusions.length)];
  const values = [...serialNames("held", held.length), ...serialNames("segment", segments.length)];
  const timed = {
    name: "timed",
    select: selectOf({
      columns: [
        `${person} AS person`,
        `${dialect.epochMs(time)} AS at_ms`,
        `${time.sql} AS moment`,
        ...ties.map((tie, index) => `${tie} AS tie_${index + 1}`),
        ...steps.map(({ condition }, index) => flag(condition, `is_${index + 1}`)),
        ...exclusions.map(({ condition }, index) => flag(condition, `excludes_${index + 1}`)),
        ...held.map((value, index) => `${value} AS held_${index + 1}`),
        ...segments.map((value, index) => `${value} AS segment_${index + 1}`),
      ],
      from,
      where: [`${person} IS NOT NULL`],
    }),
  };
  const sessions = mode.hasSessions
    ? sessionParts(options, funnel, ["person", "at_ms", "moment"], [...flags, ...values], order)
    : [];
  const isLookedAt = `(${flags.map((name) => `${name} = 1`).join(" OR ")})`;
  const window = `(PARTITION BY person ORDER BY ${order})`;
  const isEntry = `CASE WHEN ${isEntryOf(funnel)} AND at_ms < ${endMs} THEN 1 ELSE 0 END`;
  const events = {
    name: "step_events",
    select: selectOf({
      columns: [
        "person",
        "at_ms",
        "moment",
        ...flags,
        ...values,
        ...(mode.hasSessions ? ["session"] : []),
        `row_number() OVER ${window} AS place`,
        ...(mode.isChain
          ? [`sum(${isEntry}) OVER ${window.slice(0, -1)} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS entries`]
          : []),
      ],
      from: mode.hasSessions ? "in_sessions" : "timed",
      where: [isLookedAt],
    }),
  };
  return [timed, ...sessions, events];
}

/** Sessions end when nothing happens for so long, and at midnight: whatever the events are. */
function sessionParts(
  options: SqlOptions,
  { sessions, time, ties }: SqlFunnel,
  own: readonly string[],
  others: readonly string[],
  order: string,
): SqlPart[] {
  const { dialect } = options;
  const day = dialect.dayNumber(
    dialect.truncated(dialect.localTime({ sql: "moment", kind: time.kind }, sessions.timeZone), "day"),
  );
  const tieNames = ties.map((_, index) => `tie_${index + 1}`);
  const columns = [...own, ...tieNames, ...others];
  const before = (value: string) =>
    `max(${value}) OVER (PARTITION BY person ORDER BY ${order} ROWS BETWEEN 1 PRECEDING AND 1 PRECEDING)`;
  return [
    {
      name: "with_days",
      select: selectOf({ columns: [...columns, `${day} AS day_number`], from: "timed" }),
    },
    {
      name: "with_gaps",
      select: selectOf({
        columns: [
          ...columns,
          `CASE WHEN at_ms - ${before("at_ms")} > ${sessions.timeoutMs} OR day_number <> ${
            before("day_number")
          } THEN 1 ELSE 0 END AS begins`,
        ],
        from: "with_days",
      }),
    },
    {
      name: "in_sessions",
      select: selectOf({
        columns: [
          ...columns,
          `sum(begins) OVER (PARTITION BY person ORDER BY ${order} ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS session`,
        ],
        from: "with_gaps",
      }),
    },
  ];
}

/** Whether an event of `step_events` is one with which people enter. */
function isEntryOf({ steps, held }: SqlFunnel): string {
  const [first, last] = openStepsOf(steps)[0]!;
  const any = serialNames("is", steps.length).slice(first, last + 1).map((name) => `${name} = 1`).join(" OR ");
  return [
    last > first ? `(${any})` : any,
    ...serialNames("held", held.length).map((name) => `${name} IS NOT NULL`),
  ].join(" AND ");
}

/** Which steps an entry may be, where there are several. */
export function entryFlags(steps: SqlFunnel["steps"]): string[] {
  const [first, last] = openStepsOf(steps)[0]!;
  return last > first ? serialNames("is", steps.length).slice(first, last + 1) : [];
}

/**
 * `entries` has a row for each event with which a person may enter; where it is known before that only some count, for those
 * alone. `period` is an expression for when an event is, over the column `moment`.
 */
export function entryParts(funnel: SqlFunnel, mode: FunnelMode, period: string | undefined): SqlPart[] {
  const { steps, held, segments, endMs, counting } = funnel;
  const values = [...serialNames("held", held.length), ...serialNames("segment", segments.length)];
  const columns = new Map([
    ["person", "person"],
    ["entry", "place"],
    ["entry_ms", "at_ms"],
    ...[...entryFlags(steps), ...values, ...(mode.hasSessions ? ["session"] : [])].map((name) => [name, name] as const),
    ...(mode.isChain ? [["entry_number", "entries"]] as const : []),
    ...(period === undefined ? [] : [["period", period]] as const),
  ]);
  const select = selectOf({
    columns: [...columns].map(([name, sql]) => name === sql ? name : `${sql} AS ${name}`),
    from: "step_events",
    where: [isEntryOf(funnel), `at_ms < ${endMs}`],
  });
  if (!mode.isKnownBefore) return [{ name: "entries", select }];
  const among = counting === "sessions" ? ["person", "session"] : ["person"];
  return firstOnes({
    ...{ name: "entries", from: nested(select, "all_entries"), columns: [...columns.keys()], among, order: "entry" },
    ...{ segments: serialNames("segment", segments.length), turnColumns: mode.turnColumns },
  });
}

/** The rows of a part that have the least `order`, which no two have, among those that have something in common. */
export function firstOnes({ name, from, columns, among, order, segments, turnColumns }: {
  name: string;
  from: string;
  columns: readonly string[];
  among: readonly string[];
  /** A number. */
  order: string;
  segments: readonly string[];
  /** For each level of the split: whether a row is the first one there. Without any there is no split. */
  turnColumns: readonly string[];
}): SqlPart[] {
  const levels = turnColumns.length === 0 ? [[]] : turnColumns.map((_, level) => segments.slice(0, level));
  const turns = levels.map((split, level) =>
    `min(${order}) OVER (PARTITION BY ${[...among, ...split].join(", ")}) AS first_${level}`
  );
  const isFirst = levels.map((_, level) => `${order} = first_${level}`);
  return [{
    name,
    select: selectOf({
      columns: [...columns, ...turnColumns.map((column, level) => flag(isFirst[level]!, column))],
      from: nested(selectOf({ columns: [...columns, ...turns], from }), "with_first"),
      where: [isFirst.length === 1 ? isFirst[0]! : `(${isFirst.join(" OR ")})`],
    }),
  }];
}
