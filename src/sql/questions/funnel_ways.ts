/** The way from each entry of a funnel, step by step: one part of the statement for each step. */
import { nested, selectOf, type SqlPart } from "../statement.ts";
import { serialNames } from "./funnel_events.ts";
import { doneColumns, type FunnelMode, GRACE_MS, NONE, openStepsOf, type SqlFunnel } from "./funnel_rules_sql.ts";

/** Columns of a part, by name, as expressions over what it selects from. */
type Columns = readonly (readonly [name: string, sql: string])[];

const selected = (columns: Columns): string[] => columns.map(([name, sql]) => `${sql} AS ${name}`);
const kept = (names: readonly string[], from: string): Columns => names.map((name) => [name, `${from}.${name}`]);

/** What is known of an event with which a chain goes on or ends: its place, how many entries there are up to it, its time. */
const EVENT_FACTS = [["place", "place"], ["number", "entries"], ["ms", "at_ms"]] as const;
const factsOf = (event: string): string[] => EVENT_FACTS.map(([fact]) => `${event}_${fact}`);

/**
 * `way_1` up to the number of steps: a row for each entry, with how far it got (`reached`), when it got there (`ms_2` …, since
 * the entry) and with which events (`place_2` …). Where the mode is a chain, an entry has a row for each event after which
 * the attempt may begin (`floor_place`), and the last part tells of the event with which the attempt ended (`exit_place` …).
 */
export function wayParts(funnel: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): SqlPart[] {
  const own = ownColumns(funnel, mode, hasPeriod);
  const first: SqlPart = { name: "way_1", select: firstSelect(funnel, mode, own) };
  const others = funnel.steps.slice(1).map((_, index): SqlPart => {
    const step = new NextStep(funnel, mode, own, index + 1);
    return { name: `way_${index + 2}`, select: step.select() };
  });
  return [first, ...others];
}

/** What each entry has from the beginning to the end. */
function ownColumns({ held, segments }: SqlFunnel, mode: FunnelMode, hasPeriod: boolean): string[] {
  return [
    ...["person", "entry", "entry_ms"],
    ...(mode.isChain ? ["entry_number", "floor_place"] : []),
    ...(mode.hasSessions ? ["session"] : []),
    ...(hasPeriod ? ["period"] : []),
    ...serialNames("segment", segments.length),
    ...serialNames("held", held.length),
    ...(mode.isKnownBefore ? mode.turnColumns : []),
  ];
}

function firstSelect({ steps, windowMs }: SqlFunnel, mode: FunnelMode, own: readonly string[]): string {
  const done = doneColumns(openStepsOf(steps)[0]!).map((name, index, all): [string, string] => {
    const isStep = (one: string) => `b.${one.replace("done", "is")}`;
    const tests = [`${isStep(name)} = 1`, ...all.slice(0, index).map((earlier) => `${isStep(earlier)} = 0`)];
    return [name, `CASE WHEN ${tests.join(" AND ")} THEN 1 ELSE 0 END`];
  });
  const entry: Columns = [["place", "b.entry"], ["number", "b.entry_number"], ["ms", "b.entry_ms"]];
  const events = mode.isChain ? ["far", "exit"] : [];
  return selectOf({
    columns: selected([
      ...kept(own, "b"),
      ...done,
      ["going", "1"],
      ["reached", "1"],
      ["last_ms", "b.entry_ms"],
      ["until_ms", `b.entry_ms + ${windowMs}`],
      ...events.flatMap((event) => entry.map(([fact, sql]) => [`${event}_${fact}`, sql] as const)),
    ]),
    from: mode.isChain ? "begun b" : "entries b",
  });
}

/** From so many steps done to the next one. */
class NextStep {
  /** The steps of which one comes next, by their positions. */
  readonly #first: number;
  readonly #last: number;
  /** Which of them are done: nothing where there is only one, or none can be. */
  readonly #done: readonly string[];
  /** Places and times of the steps after the first. */
  readonly #places: readonly string[];
  readonly #times: readonly string[];
  /** Conditions for the exclusions that are in effect, over `e`. */
  readonly #excluded: readonly string[];

  constructor(
    private readonly funnel: SqlFunnel,
    private readonly mode: FunnelMode,
    private readonly own: readonly string[],
    private readonly count: number,
  ) {
    const group = openStepsOf(funnel.steps)[count]!;
    [this.#first, this.#last] = group;
    this.#done = group[0] === count ? [] : doneColumns(group);
    this.#places = serialNames("place", count).slice(1);
    this.#times = serialNames("ms", count).slice(1);
    this.#excluded = funnel.exclusions.flatMap(({ after, before }, index) =>
      count > after && count <= before ? [`e.excludes_${index + 1} = 1`] : []
    );
  }

  select(): string {
    const { count, mode, own } = this;
    const { steps, reentersOptimally } = this.funnel;
    const isLast = count + 1 === steps.length;
    const ifHit = (value: string, otherwise: string) => `CASE WHEN l.hit = 1 THEN ${value} ELSE ${otherwise} END`;
    const places: Columns = [...kept(this.#places, "l"), [`place_${count + 1}`, ifHit("l.next_place", "0")]];
    const sinceMs = "l.next_ms - l.entry_ms";
    const beforeMs = count === 1 ? "0" : `l.ms_${count}`;
    const columns: Columns = [
      ...kept(own, "l"),
      ...this.#doneNow(),
      ["going", "l.hit"],
      ["reached", "l.reached + l.hit"],
      // What has ended looks no further than where it is.
      ...(isLast
        ? []
        : [["last_ms", ifHit("l.next_ms", "l.last_ms")], ["until_ms", ifHit("l.until_ms", "l.last_ms")]] as const),
      ...(isLast && !reentersOptimally ? [] : places),
      ...kept(this.#times, "l"),
      // A step within the time of grace may lie before the one before it: they count as simultaneous.
      [
        `ms_${count + 1}`,
        `CASE WHEN l.hit = 0 THEN 0 WHEN ${sinceMs} > ${beforeMs} THEN ${sinceMs} ELSE ${beforeMs} END`,
      ],
      ...(mode.isChain ? this.#chainColumns(isLast) : []),
    ];
    return selectOf({ columns: selected(columns), from: nested(this.#looked(), "l") });
  }

  /** For each way the first event that goes on with it, and the first one that ends it. */
  #looked(): string {
    const { mode, count } = this;
    const { windowSessions, counting, reentersOptimally, held } = this.funnel;
    const state = ["going", "reached", "last_ms", "until_ms", ...this.#places, ...this.#times];
    const carried = [
      ...this.own,
      ...this.#done,
      ...state,
      ...(mode.isChain ? [...factsOf("far"), ...factsOf("exit")] : []),
    ];
    const isNew = `e.place NOT IN (${["w.entry", ...this.#places.map((name) => `w.${name}`)].join(", ")})`;
    const isOwn = held.map((_, index) => `e.held_${index + 1} = w.held_${index + 1}`);
    const steps = Array.from({ length: this.#last - this.#first + 1 }, (_, index) => {
      const number = this.#first + index + 1;
      return this.#done.length === 0 ? `e.is_${number} = 1` : `(e.is_${number} = 1 AND w.done_${number} = 0)`;
    });
    const goesOn = (step: string) => ["w.going = 1", step, ...isOwn, isNew].join(" AND ");
    const isNext = goesOn(anyOf(steps));
    const isStop = ["w.going = 1", anyOf(this.#excluded), isNew].join(" AND ");
    const least = (condition: string, value: string) => `min(CASE WHEN ${condition} THEN e.${value} ELSE ${NONE} END)`;
    const [next, stop] = [least(isNext, "place"), least(isStop, "place")];
    const hit = [`${next} < ${NONE}`, ...(this.#excluded.length > 0 ? [`${next} <= ${stop}`] : [])].join(" AND ");
    const facts = (event: string, condition: string): Columns =>
      EVENT_FACTS.map(([fact, value]) => [`${event}_${fact}`, least(condition, value)]);
    const needed = (columns: Columns, ...names: string[]) =>
      mode.isChain ? columns : columns.filter(([name]) => names.includes(name));
    // What was done in the session before is none of a session's business.
    const isWithin = counting === "sessions" && !reentersOptimally;
    const isOneSession = isWithin && windowSessions === 1;
    return selectOf({
      columns: selected([
        ...kept(carried, "w"),
        ["hit", `CASE WHEN ${hit} THEN 1 ELSE 0 END`],
        ...needed(facts("next", isNext), "next_place", "next_ms"),
        ...(steps.length > 1
          ? steps.map((step, index) => [`next_${this.#first + index + 1}`, least(goesOn(step), "place")] as const)
          : []),
        ...(this.#excluded.length > 0 ? needed(facts("stop", isStop), "stop_place") : []),
        ...needed(EVENT_FACTS.map(([fact, value]) => [`seen_${fact}`, `max(e.${value})`])),
      ]),
      from: `way_${count} w\nJOIN step_events e ON e.person = w.person${
        isOneSession ? " AND e.session = w.session" : ""
      }`,
      where: [
        `e.at_ms >= w.last_ms - ${GRACE_MS}`,
        "e.at_ms <= w.until_ms",
        ...(mode.isChain ? ["e.place > w.floor_place"] : []),
        ...(isWithin && !isOneSession ? ["e.session >= w.session"] : []),
        ...(windowSessions === undefined || isOneSession ? [] : [`e.session < w.session + ${windowSessions}`]),
      ],
      groupBy: carried.map((name) => `w.${name}`),
    });
  }

  /** Which steps of a group in any order are done when another of it comes next: an event is the first of those that it may be. */
  #doneNow(): Columns {
    const next = openStepsOf(this.funnel.steps)[this.count + 1];
    if (next === undefined || next[0] !== this.#first) return [];
    return doneColumns(next).map((name, index, all): [string, string] => {
      const isNext = (one: string) => `l.${one.replace("done", "next")}`;
      const earlier = all.slice(0, index).map((one) => `${isNext(one)} <> l.next_place`);
      const isThis = ["l.hit = 1", `${isNext(name)} = l.next_place`, ...earlier].join(" AND ");
      return [name, `CASE WHEN ${this.#done.length > 0 ? `l.${name} = 1 OR ` : ""}${isThis} THEN 1 ELSE 0 END`];
    });
  }

  /**
   * The furthest event of the way so far, and the one with which it ended: an exclusion, the last one of the window, or when
   * all is done the furthest.
   */
  #chainColumns(isLast: boolean): Columns {
    const further = (fact: string) =>
      `CASE WHEN l.hit = 1 AND l.next_${fact} > l.far_${fact} THEN l.next_${fact} ELSE l.far_${fact} END`;
    const ended = (fact: string) =>
      this.#excluded.length > 0
        ? `CASE WHEN l.stop_place < ${NONE} THEN l.stop_${fact} ELSE l.seen_${fact} END`
        : `l.seen_${fact}`;
    const exit = (fact: string) =>
      `CASE WHEN l.hit = 1 THEN ${isLast ? further(fact) : `l.exit_${fact}`} WHEN l.going = 1 THEN ${
        ended(fact)
      } ELSE l.exit_${fact} END`;
    const facts = EVENT_FACTS.map(([fact]) => fact);
    return [
      ...(isLast ? [] : facts.map((fact) => [`far_${fact}`, further(fact)] as const)),
      ...facts.map((fact) => [`exit_${fact}`, exit(fact)] as const),
    ];
  }
}

const anyOf = (conditions: readonly string[]): string =>
  conditions.length === 1 ? conditions[0]! : `(${conditions.join(" OR ")})`;
