/** Which attempts of a funnel count, where that is only known when they have been followed. */
import type { Dialect } from "../dialect.ts";
import { nested, selectOf, type SqlPart } from "../statement.ts";
import { entryFlags, firstOnes, serialNames } from "./funnel_events.ts";
import { type FunnelMode, GRACE_MS, type SqlFunnel } from "./funnel_rules_sql.ts";

/** How far before its entry an attempt may have events: each step may be a little before the one before it. */
const reachMs = ({ steps }: SqlFunnel): number => GRACE_MS * (steps.length - 1);

/**
 * `begun` has each entry of a chain, beginning after each of the events with which the attempt before may have ended. For all
 * that are too far away to matter it is 0.
 */
export function beginnings(funnel: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): SqlPart {
  const columns = [
    ...["person", "entry", "entry_ms", "entry_number"],
    ...(hasPeriod ? ["period"] : []),
    ...(mode.hasSessions ? ["session"] : []),
    ...serialNames("segment", funnel.segments.length),
    ...serialNames("held", funnel.held.length),
    ...entryFlags(funnel.steps),
  ];
  const far = selectOf({ columns: [...columns, "0 AS floor_place"], from: "entries" });
  const near = selectOf({
    columns: [...columns.map((name) => `n.${name} AS ${name}`), "e.place AS floor_place"],
    from: "entries n\nJOIN step_events e ON e.person = n.person",
    where: ["e.place < n.entry", `e.at_ms >= n.entry_ms - ${reachMs(funnel)}`],
  });
  return { name: "begun", select: `${far}\nUNION ALL\n${near}` };
}

/** The attempts of `from` that follow one another: the next one is that of the first entry after the end of the one before. */
export function chainParts(
  dialect: Dialect,
  funnel: SqlFunnel,
  mode: FunnelMode,
  { from, hasPeriod }: { from: string; hasPeriod: boolean },
): SqlPart[] {
  const { steps, segments } = funnel;
  const columns = [
    ...["person", "entry", "entry_ms", "reached"],
    ...serialNames("ms", steps.length).slice(1),
    ...(hasPeriod ? ["period"] : []),
    ...serialNames("segment", segments.length),
    ...["exit_place", "exit_ms", "next_number"],
  ];
  // An exclusion may lie before the entry.
  const next = "CASE WHEN w.exit_number > w.entry_number THEN w.exit_number ELSE w.entry_number END + 1";
  const attempts = {
    name: "attempts",
    select: selectOf({
      columns: [
        ...columns.map((name) => `${name === "next_number" ? next : `w.${name}`} AS ${name}`),
        ...["w.entry_number AS entry_number", "w.floor_place AS floor_place"],
      ],
      from: `${from} w`,
    }),
  };
  const turns = { name: "turns", select: turnsOf(dialect, columns, reachMs(funnel)) };
  if (mode.turnColumns.length === 0) return [attempts, turns];
  const counted = firstOnes({
    ...{ name: "counted", from: "turns", columns: columns.slice(0, -3), among: ["person"], order: "entry" },
    ...{ segments: serialNames("segment", segments.length), turnColumns: mode.turnColumns },
  });
  return [attempts, turns, ...counted];
}

function turnsOf(dialect: Dialect, columns: readonly string[], reach: number): string {
  const ofAttempts = columns.map((name) => `a.${name} AS ${name}`);
  if (dialect.chainOf !== undefined) {
    return selectOf({
      columns: ofAttempts,
      from: `attempts a\nJOIN ${nested(dialect.chainOf("attempts", reach), "c")} ON ${
        ["person", "entry_number", "floor_place"].map((name) => `c.${name} = a.${name}`).join(" AND ")
      }`,
    });
  }
  const first = selectOf({ columns, from: "attempts", where: ["entry_number = 1", "floor_place = 0"] });
  const next = selectOf({
    columns: ofAttempts,
    from: "turns t\nJOIN attempts a ON a.person = t.person AND a.entry_number = t.next_number",
    where: [`a.floor_place = CASE WHEN t.exit_ms >= a.entry_ms - ${reach} THEN t.exit_place ELSE 0 END`],
  });
  return `${first}\nUNION ALL\n${next}`;
}

/**
 * Optimized re-entry: of several entries that go on with the same event, the latest one has it. Of the attempts of a person, or
 * of a session, the furthest one counts.
 */
export function optimalParts(funnel: SqlFunnel, mode: FunnelMode, from: string, hasPeriod: boolean): SqlPart[] {
  const { steps, segments, counting } = funnel;
  const columns = [
    ...["person", "entry", "entry_ms"],
    ...serialNames("ms", steps.length).slice(1),
    ...(mode.hasSessions ? ["session"] : []),
    ...(hasPeriod ? ["period"] : []),
    ...serialNames("segment", segments.length),
  ];
  const numbers = selectOf({
    columns: [
      ...columns,
      "reached AS got_to",
      "row_number() OVER (PARTITION BY person, place_2 ORDER BY entry DESC) AS from_last",
    ],
    from,
  });
  const settled = {
    name: "settled",
    select: selectOf({
      columns: [...columns, "CASE WHEN got_to > 1 AND from_last > 1 THEN 1 ELSE got_to END AS reached"],
      from: nested(numbers, "followed"),
    }),
  };
  if (counting === "totals") return [settled];
  const counted = firstOnes({
    name: "counted",
    from: "settled",
    columns: [...columns, "reached"],
    among: counting === "sessions" ? ["person", "session"] : ["person"],
    // The furthest, and of these the earliest.
    order: "entry - 1000000000000 * reached",
    segments: serialNames("segment", segments.length),
    turnColumns: mode.turnColumns,
  });
  return [settled, ...counted];
}
