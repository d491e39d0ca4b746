/** The parts of a funnel's statement, and its numbers. */
import type { SqlOptions } from "../asking.ts";
import { selectOf, type SqlPart } from "../statement.ts";
import { entryFlags, entryParts, columnsOf, stepEvents } from "./funnel_events.ts";
import { type FunnelMode, GRACE_MS, modeOf, type SqlFunnel } from "./funnel_rules_sql.ts";
import { keptColumns, wayParts } from "./funnel_ways.ts";

export interface FunnelSql {
  parts: readonly SqlPart[];
  /** Whether a part refers to itself. */
  isRecursive: boolean;
  /** A row for each period, split and way of counting, with what `columns` say. */
  select: string;
  columns: readonly string[];
  mode: FunnelMode;
}

/** @param period an expression for when an event is, over the column `moment`; undefined where all is one period */
export function funnelParts(
  options: SqlOptions,
  funnel: SqlFunnel,
  period?: { sql: string; shown(sql: string): string },
): FunnelSql {
  const mode = modeOf(funnel);
  const ways = wayParts(funnel, mode, period !== undefined);
  const last = ways.at(-1)!.name;
  const counted = mode.isChain
    ? chainParts(funnel, mode, last, period !== undefined)
    : optimalParts(funnel, mode, last, period !== undefined);
  const parts = [
    ...stepEvents(options, funnel, mode),
    ...entryParts(funnel, mode, period?.sql),
    ...(mode.isChain ? [beginnings(funnel, mode, period !== undefined)] : []),
    ...ways,
    ...counted,
  ];
  const from = counted.at(-1)?.name ?? last;
  const { own, select, columns } = numbersOf(funnel, mode, from, period);
  return { parts: [...parts, ...own], isRecursive: mode.isChain, mode, select, columns };
}

/** Each entry, beginning after each of the events that the attempt before may have ended with: 0 for any that is far away. */
function beginnings({ steps, held, segments }: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): SqlPart {
  const columns = [
    ...["person", "entry", "entry_ms", "entry_number"],
    ...(hasPeriod ? ["period"] : []),
    ...(mode.hasSessions ? ["session"] : []),
    ...columnsOf("segment", segments.length),
    ...columnsOf("held", held.length),
    ...entryFlags(steps),
  ];
  const far = selectOf({ columns: [...columns, "0 AS floor_place"], from: "entries" });
  const near = selectOf({
    columns: [...columns.map((name) => `n.${name}`), "e.place AS floor_place"],
    from: "entries n\nJOIN step_events e ON e.person = n.person",
    where: ["e.place < n.entry", `e.at_ms >= n.entry_ms - ${reachMs(steps.length)}`],
  });
  return { name: "begun", select: `${far}\nUNION ALL\n${near}` };
}

/** How far before its entry an attempt may have events: each step may be a little before the one before it. */
const reachMs = (steps: number): number => GRACE_MS * (steps - 1);

/** The attempts that follow one another, and in which levels of the split they are a person's first. */
function chainParts(funnel: SqlFunnel, mode: FunnelMode, last: string, hasPeriod: boolean): SqlPart[] {
  const { steps, segments } = funnel;
  const kept = keptColumns(funnel, mode, hasPeriod).filter((name) =>
    !["entry_number", "floor_place", "session"].includes(name) && !name.startsWith("held_")
  );
  const columns = [...kept, "reached", ...columnsOf("ms", steps.length).slice(1), "exit_place", "exit_ms"];
  const next = "CASE WHEN exit_number > entry_number THEN exit_number ELSE entry_number END + 1 AS next_number";
  const attempts = {
    name: "attempts",
    select: selectOf({ columns: [...columns, "entry_number", "floor_place", next], from: last }),
  };
  const own = [...columns, "next_number"];
  const turns = {
    name: "turns",
    select: [
      selectOf({ columns: own, from: "attempts", where: ["entry_number = 1", "floor_place = 0"] }),
      "UNION ALL",
      selectOf({
        columns: own.map((name) => `a.${name}`),
        from: "turns t\nJOIN attempts a ON a.person = t.person AND a.entry_number = t.next_number",
        where: [
          `a.floor_place = CASE WHEN t.exit_ms >= a.entry_ms - ${reachMs(steps.length)} THEN t.exit_place ELSE 0 END`,
        ],
      }),
    ].join("\n"),
  };
  if (!mode.hasTurns) return [attempts, turns];
  return [attempts, turns, ...firstOnes("turns", own, segments.length, ["person"], "entry")];
}

/** Those of a part that are the first ones of something, with `counts_0` … for the levels of the split. */
function firstOnes(
  from: string,
  columns: readonly string[],
  levels: number,
  among: readonly string[],
  order: string,
): SqlPart[] {
  const turns = Array.from({ length: levels + 1 }, (_, level) => {
    const partition = [...among, ...columnsOf("segment", level)].join(", ");
    return `row_number() OVER (PARTITION BY ${partition} ORDER BY ${order}) AS turn_${level}`;
  });
  const isFirst = turns.map((_, level) => `turn_${level} = 1`);
  return [
    { name: "in_turn", select: selectOf({ columns: [...columns, ...turns], from }) },
    {
      name: "counted",
      select: selectOf({
        columns: [
          ...columns,
          ...isFirst.map((test, level) => `CASE WHEN ${test} THEN 1 ELSE 0 END AS counts_${level}`),
        ],
        from: "in_turn",
        where: [isFirst.length === 1 ? isFirst[0]! : `(${isFirst.join(" OR ")})`],
      }),
    },
  ];
}

/** Of several entries that go on with the same event, the latest one has it. Of a person's attempts, the furthest counts. */
function optimalParts(funnel: SqlFunnel, mode: FunnelMode, last: string, hasPeriod: boolean): SqlPart[] {
  const { steps, segments, counting, reentersOptimally } = funnel;
  if (!reentersOptimally) return [];
  const times = columnsOf("ms", steps.length).slice(1);
  const kept = keptColumns(funnel, mode, hasPeriod).filter((name) => !name.startsWith("held_"));
  const latest = {
    name: "latest",
    select: selectOf({
      columns: [
        ...kept,
        "reached",
        ...times,
        "row_number() OVER (PARTITION BY person, place_2 ORDER BY entry DESC) AS from_last",
      ],
      from: last,
    }),
  };
  const columns = [...kept, ...times];
  const settled = {
    name: "settled",
    select: selectOf({
      columns: [...columns, "CASE WHEN reached > 1 AND from_last > 1 THEN 1 ELSE reached END AS reached"],
      from: "latest",
    }),
  };
  if (!mode.hasTurns) return [latest, settled];
  const among = counting === "sessions" ? ["person", "session"] : ["person"];
  return [
    latest,
    settled,
    ...firstOnes("settled", [...columns, "reached"], segments.length, among, "reached DESC, entry"),
  ];
}

/** How many attempts get to each step, and how long they all take for it. */
function numbersOf(
  { steps, segments }: SqlFunnel,
  mode: FunnelMode,
  from: string,
  period: { shown(sql: string): string } | undefined,
): { own: SqlPart[]; select: string; columns: string[] } {
  const groups = [
    ...(period === undefined ? [] : ["period"]),
    ...columnsOf("segment", segments.length),
    ...(mode.hasTurns && segments.length > 0
      ? columnsOf("counts", segments.length + 1).map((_, level) => `counts_${level}`)
      : []),
  ];
  const sum = (value: string, step: number) => `sum(CASE WHEN reached >= ${step} THEN ${value} ELSE 0 END)`;
  const numbers: [name: string, sql: string][] = [["step_1", "count(*)"]];
  for (let step = 2; step <= steps.length; step++) {
    numbers.push([`step_${step}`, sum("1", step)]);
    numbers.push([`ms_1_to_${step}`, sum(`ms_${step}`, step)]);
    if (step > 2) numbers.push([`ms_${step - 1}_to_${step}`, sum(`ms_${step} - ms_${step - 1}`, step)]);
  }
  const columns = [...groups, ...numbers.map(([name]) => name)];
  const counts = selectOf({
    columns: [...groups, ...numbers.map(([name, sql]) => `${sql} AS ${name}`)],
    from,
    groupBy: groups,
    ...(period === undefined && { orderBy: groups }),
  });
  if (period === undefined) return { own: [], select: counts, columns };
  const shown = columns.map((name) => name === "period" ? `${period.shown(name)} AS period` : name);
  const select = selectOf({ columns: shown, from: "counts", orderBy: groups });
  return { own: [{ name: "counts", select: counts }], select, columns };
}
