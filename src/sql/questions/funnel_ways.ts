/** The way from each entry of a funnel, step by step: one part of the statement for each step. */
import { selectOf, type SqlPart } from "../statement.ts";
import { columnsOf } from "./funnel_events.ts";
import { type FunnelMode, GRACE_MS, NONE, openStepsOf, type SqlFunnel } from "./funnel_rules_sql.ts";

/** A column of the next part, as an expression over the part before. */
type Columns = readonly (readonly [name: string, sql: string])[];

const asColumns = (columns: Columns): string[] =>
  columns.map(([name, sql]) => name === sql ? name : `${sql} AS ${name}`);

/**
 * `way_1` to the number of steps: a row for each entry, with how far it got (`reached`), when it got there (`ms_2` …, since
 * the entry) and with which events (`place_2` …). Where the mode is a chain, an entry has a row for each event after which
 * the attempt may begin (`floor`), and the last one tells of the event with which the attempt ended (`exit`, `exit_ms`, and
 * `exit_number`: how many entries there are up to it).
 */
export function wayParts(funnel: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): SqlPart[] {
  const kept = keptColumns(funnel, mode, hasPeriod);
  const open = openStepsOf(funnel.steps);
  const parts = [firstPart(funnel, mode, kept, open[0]!)];
  for (let count = 1; count < funnel.steps.length; count++) parts.push(nextPart(funnel, mode, kept, open, count));
  return parts;
}

/** What each entry has from the beginning to the end. */
export function keptColumns({ held, segments }: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): string[] {
  return [
    "person",
    "entry",
    "entry_ms",
    ...(mode.isChain ? ["entry_number", "floor_place"] : []),
    ...(mode.hasSessions ? ["session"] : []),
    ...(hasPeriod ? ["period"] : []),
    ...columnsOf("segment", segments.length),
    ...columnsOf("held", held.length),
    ...(mode.isKnownBefore && mode.hasTurns
      ? columnsOf("counts", segments.length + 1).map((_, level) => `counts_${level}`)
      : []),
  ];
}

/** Which steps of a group in any order are done; nothing outside of such groups. */
const doneColumns = ([first, last]: readonly [number, number]): string[] =>
  first === last ? [] : Array.from({ length: last - first + 1 }, (_, index) => `done_${first + index + 1}`);

function firstPart(
  funnel: SqlFunnel,
  mode: FunnelMode,
  kept: readonly string[],
  group: readonly [number, number],
): SqlPart {
  const done = doneColumns(group).map((name, index, all): [string, string] => {
    const others = all.slice(0, index).map((other) => `${other.replace("done", "is")} = 0`);
    const own = `${name.replace("done", "is")} = 1`;
    return [name, `CASE WHEN ${[own, ...others].join(" AND ")} THEN 1 ELSE 0 END`];
  });
  const columns: Columns = [
    ...kept.map((name) => [name, name] as const),
    ...done,
    ["going", "1"],
    ["reached", "1"],
    ["last_ms", "entry_ms"],
    ["until_ms", `entry_ms + ${funnel.windowMs}`],
    ...(mode.isChain
      ? [
        ["far", "entry"],
        ["far_number", "entry_number"],
        ["far_ms", "entry_ms"],
        ["exit_place", "entry"],
        ["exit_number", "entry_number"],
        ["exit_ms", "entry_ms"],
      ] as const
      : []),
  ];
  return { name: "way_1", select: selectOf({ columns: asColumns(columns), from: mode.isChain ? "begun" : "entries" }) };
}

/** From `count` steps done to the next one. */
function nextPart(
  funnel: SqlFunnel,
  mode: FunnelMode,
  kept: readonly string[],
  open: readonly (readonly [number, number])[],
  count: number,
): SqlPart {
  const { steps, held, exclusions, windowSessions, counting, reentersOptimally } = funnel;
  const group = open[count]!;
  const [first, last] = group;
  const isLast = count + 1 === steps.length;
  const isNewGroup = first === count;
  const done = doneColumns(group);
  const places = columnsOf("place", count).slice(1);
  const times = columnsOf("ms", count).slice(1);
  const far = mode.isChain ? ["far", "far_number", "far_ms", "exit_place", "exit_number", "exit_ms"] : [];
  const carried = [
    ...kept,
    ...(isNewGroup ? [] : done),
    "going",
    "reached",
    "last_ms",
    "until_ms",
    ...places,
    ...times,
    ...far,
  ];

  const isNew = `e.place NOT IN (${["w.entry", ...places.map((name) => `w.${name}`)].join(", ")})`;
  const holds = held.map((_, index) => `e.held_${index + 1} = w.held_${index + 1}`);
  const steps_ = Array.from({ length: last - first + 1 }, (_, index) => {
    const number = first + index + 1;
    return [`e.is_${number} = 1`, ...(isNewGroup || done.length === 0 ? [] : [`w.done_${number} = 0`])].join(" AND ");
  });
  const anyStep = steps_.length === 1
    ? steps_[0]!
    : `(${steps_.map((step) => steps_.length > 1 && step.includes(" AND ") ? `(${step})` : step).join(" OR ")})`;
  const isStep = (step: string) => ["w.going = 1", step, ...holds, isNew].join(" AND ");
  const excluded = exclusions.map((exclusion, index) => ({ ...exclusion, name: `e.excludes_${index + 1} = 1` }))
    .filter(({ after, before }) => count > after && count <= before).map(({ name }) => name);
  const isStop = ["w.going = 1", excluded.length > 1 ? `(${excluded.join(" OR ")})` : excluded[0], isNew].join(" AND ");
  const firstOf = (condition: string, value: string) => `min(CASE WHEN ${condition} THEN e.${value} ELSE ${NONE} END)`;

  const looked: Columns = [
    ...carried.map((name) => [name, `w.${name}`] as const),
    ["next_place", firstOf(isStep(anyStep), "place")],
    ["next_ms", firstOf(isStep(anyStep), "at_ms")],
    ...(steps_.length > 1
      ? steps_.map((step, index) => [`next_${first + index + 1}`, firstOf(isStep(step), "place")] as const)
      : []),
    ...(excluded.length > 0 ? [["stop_place", firstOf(isStop, "place")] as const] : []),
    ...(mode.isChain
      ? [
        ["next_number", firstOf(isStep(anyStep), "entries")] as const,
        ...(excluded.length > 0
          ? [["stop_number", firstOf(isStop, "entries")], ["stop_ms", firstOf(isStop, "at_ms")]] as const
          : []),
        ["seen_place", "max(e.place)"] as const,
        ["seen_number", "max(e.entries)"] as const,
        ["seen_ms", "max(e.at_ms)"] as const,
      ]
      : []),
  ];
  const inner = selectOf({
    columns: looked.map(([name, sql]) => `${sql} AS ${name}`),
    from: `way_${count} w\nJOIN step_events e ON e.person = w.person`,
    where: [
      `e.at_ms >= w.last_ms - ${GRACE_MS}`,
      "e.at_ms <= w.until_ms",
      ...(mode.isChain ? ["e.place > w.floor_place"] : []),
      ...(counting === "sessions" && !reentersOptimally ? ["e.session >= w.session"] : []),
      ...(windowSessions === undefined ? [] : [`e.session < w.session + ${windowSessions}`]),
    ],
    groupBy: carried.map((name) => `w.${name}`),
  });

  const hit = excluded.length > 0 ? `next_place < ${NONE} AND next_place <= stop_place` : `next_place < ${NONE}`;
  const ifHit = (value: string, otherwise: string) => `CASE WHEN ${hit} THEN ${value} ELSE ${otherwise} END`;
  const since = "next_ms - entry_ms";
  const before = count === 1 ? "0" : `ms_${count}`;
  const nextGroup = count + 1 < steps.length && open[count + 1]![0] === first ? done : [];
  const columns: Columns = [
    ...kept.map((name) => [name, name] as const),
    ...nextGroup.map((name): [string, string] => {
      const number = name.replace("done_", "");
      const earlier = nextGroup.map((one) => one.replace("done_", "")).filter((one) => Number(one) < Number(number));
      const isOwn = [hit, `next_${number} = next_place`, ...earlier.map((one) => `next_${one} <> next_place`)].join(
        " AND ",
      );
      return [name, `CASE WHEN ${isNewGroup ? "" : `${name} = 1 OR `}${isOwn} THEN 1 ELSE 0 END`];
    }),
    ["going", ifHit("1", "0")],
    ["reached", ifHit("reached + 1", "reached")],
    ...(isLast ? [] : [["last_ms", ifHit("next_ms", "last_ms")], ["until_ms", ifHit("until_ms", "last_ms")]] as const),
    ...(isLast && !reentersOptimally
      ? []
      : [...places.map((name) => [name, name] as const), [`place_${count + 1}`, ifHit("next_place", "0")] as const]),
    ...times.map((name) => [name, name] as const),
    // A step within the time of grace may lie before the one before it: they count as simultaneous.
    [
      `ms_${count + 1}`,
      `CASE WHEN ${hit} AND ${since} > ${before} THEN ${since} WHEN ${hit} THEN ${before} ELSE 0 END`,
    ],
    ...(mode.isChain ? chainColumns(hit, excluded.length > 0, isLast) : []),
  ];
  return {
    name: `way_${count + 1}`,
    select: selectOf({ columns: asColumns(columns), from: `(\n${indented(inner)}\n) looked` }),
  };
}

/** The event with which an attempt ends: that of an exclusion, the last one of the window, or when all is done the last step. */
function chainColumns(hit: string, canStop: boolean, isLast: boolean): Columns {
  const greater = (value: string) =>
    `CASE WHEN ${hit} AND next_${value} > far${suffix(value)} THEN next_${value} ELSE far${suffix(value)} END`;
  const ended = (value: string) =>
    canStop ? `CASE WHEN stop_place < ${NONE} THEN stop_${value} ELSE seen_${value} END` : `seen_${value}`;
  const exit = (value: string) => {
    const complete = isLast ? `WHEN ${hit} THEN ${greater(value)} ` : `WHEN ${hit} THEN exit_${value} `;
    return `CASE ${complete}WHEN going = 1 THEN ${ended(value)} ELSE exit_${value} END`;
  };
  return [
    ...(isLast ? [] : ["place", "number", "ms"].map((value) => [`far${suffix(value)}`, greater(value)] as const)),
    ...["place", "number", "ms"].map((value) => [`exit_${value}`, exit(value)] as const),
  ];
}

const suffix = (value: string): string => value === "place" ? "" : `_${value}`;
const indented = (text: string): string => text.replace(/^(?=.)/gm, "  ");
