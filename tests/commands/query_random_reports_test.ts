/**
 * Random questions about random events: what mp prints of the emulator's answer is what looking at the events one by one
 * gives, by the rules of the fact sheet. Nobody begins twice, no two events are at the same time, and all lie within the
 * range: what is not documented does not occur.
 */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { rowOfRecord } from "../../src/sandbox/ingestion/event_row.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";

const DAY_MS = 86_400_000;
const FIRST_MS = Date.UTC(2026, 10, 2);
const DAYS = 14;
const RANGE = ["--from", "2026-11-02", "--to", "2026-11-15"];
const SEEDS = Array.from({ length: 25 }, (_, index) => index + 1);
const OTHERS = ["View", "Buy", "Share"];
const PLANS = ["free", "pro", "team"];

interface Happened {
  event: string;
  atMs: number;
  person: string;
  plan: string;
  amount: number;
  ref?: string;
}

/** A few people, who all begin once. */
function randomEvents(random: Random): Happened[] {
  const moments = new Set<number>();
  const moment = (fromMs: number) => {
    for (;;) {
      const at = fromMs + random.below(FIRST_MS + DAYS * DAY_MS - fromMs);
      const slot = Math.floor(at / 10_000) * 10_000;
      if (slot >= fromMs && !moments.has(slot)) return moments.add(slot), slot;
    }
  };
  return Array.from({ length: 3 + random.below(8) }, (_, index) => `p${index}`).flatMap((person) => {
    const happened = (event: string, atMs: number): Happened => ({
      event,
      atMs,
      person,
      plan: random.pick(PLANS),
      amount: random.below(40) / 2,
      ...(random.chance(0.5) && { ref: random.pick(["ad", "mail"]) }),
    });
    const start = happened("Begin", moment(FIRST_MS));
    const own = Array.from({ length: random.below(9) }, () => happened(random.pick(OTHERS), moment(FIRST_MS)));
    return [start, ...own];
  }).sort((a, b) => a.atMs - b.atMs);
}

function labWith(events: readonly Happened[]): ProgramLab {
  const lab = openProgramLab();
  lab.store.events.append(
    SANDBOX.projectId,
    events.map(({ event, atMs, person, ...properties }, index) =>
      rowOfRecord({
        event,
        properties: { time: atMs / 1000, distinct_id: person, $insert_id: `i-${index}`, ...properties },
      })
    ),
  );
  return lab;
}

/** A condition as an expression, and as it is meant. */
interface Condition {
  text: string;
  holds(event: Happened): boolean;
}

function randomCondition(random: Random): Condition {
  const plan = random.pick(PLANS);
  const limit = random.below(20);
  const conditions: Condition[] = [
    { text: `properties["plan"] == "${plan}"`, holds: (event) => event.plan === plan },
    { text: `properties["plan"] != "${plan}"`, holds: (event) => event.plan !== plan },
    { text: 'properties["plan"] in ["free", "pro"]', holds: ({ plan: own }) => own !== "team" },
    { text: '"r" in properties["plan"]', holds: (event) => event.plan.includes("r") },
    { text: 'not "r" in properties["plan"]', holds: (event) => !event.plan.includes("r") },
    { text: `properties["amount"] > ${limit}`, holds: ({ amount }) => amount > limit },
    { text: `properties["amount"] <= ${limit}`, holds: ({ amount }) => amount <= limit },
    {
      text: `properties["amount"] >= 3 and properties["amount"] <= ${limit}`,
      holds: ({ amount }) => amount >= 3 && amount <= limit,
    },
    { text: `properties["amount"] == ${limit}`, holds: ({ amount }) => amount === limit },
    { text: 'defined(properties["ref"])', holds: ({ ref }) => ref !== undefined },
    { text: 'not defined(properties["ref"])', holds: ({ ref }) => ref === undefined },
  ];
  return random.pick(conditions);
}

/** Conditions joined by `and`, with perhaps one group of alternatives, for which single events have no place. */
function randomWhere(random: Random, { hasChoice = random.chance(0.4) } = {}): Condition | undefined {
  const list = (most: number) => Array.from({ length: random.below(most + 1) }, () => randomCondition(random));
  const [all, any] = [list(2), hasChoice ? [randomCondition(random), ...list(2)] : []];
  if (all.length + any.length === 0) return undefined;
  const choice = any.map(({ text }) => `(${text})`).join(" or ");
  const texts = [...all.map(({ text }) => text), ...any.length > 0 ? [`(${choice})`] : []];
  return {
    text: texts.join(" and "),
    holds: (event) => all.every((one) => one.holds(event)) && (any.length === 0 || any.some((one) => one.holds(event))),
  };
}

const whereFlags = (where: Condition | undefined): string[] => where === undefined ? [] : ["--where", where.text];
const dayOf = ({ atMs }: Happened): string => new Date(atMs).toISOString().slice(0, 10);
const days = Array.from({ length: DAYS }, (_, index) => new Date(FIRST_MS + index * DAY_MS).toISOString().slice(0, 10));
const people = (events: readonly Happened[]): number => new Set(events.map(({ person }) => person)).size;

/** Rows of CSV without quotes. */
async function rowsOf(lab: ProgramLab, line: string[], range = RANGE): Promise<string[][]> {
  const { code, stdout, stderr } = await lab.mp(["query", ...line, ...range, "-f", "csv", "--no-pacing"]);
  assert.equal(code, 0, `${line.join(" ")}: ${stderr}`);
  return stdout.trimEnd().split("\n").slice(1).map((row) => row.split(","));
}

/** Runs a check over a lab of random events, once for each seed. */
function forRandomEvents(check: (lab: ProgramLab, events: Happened[], random: Random) => Promise<void>) {
  return async () => {
    for (const seed of SEEDS) {
      const random = seededRandom(seed);
      const events = randomEvents(random);
      const lab = labWith(events);
      try {
        await check(lab, events, random);
      } catch (error) {
        if (error instanceof Error) error.message = `seed ${seed}: ${error.message}`;
        throw error;
      } finally {
        await lab.stop();
      }
    }
  };
}

describe("random questions", () => {
  it(
    "of events with conditions of their own count those that pass all",
    { timeout: 120_000 },
    forRandomEvents(async (lab, events, random) => {
      const name = random.pick(OTHERS);
      const own = Array.from({ length: 3 }, () => randomWhere(random, { hasChoice: false }) ?? randomCondition(random));
      const where = randomWhere(random, { hasChoice: false });
      const typed = own.flatMap(({ text }) => ["--event", `${name} where ${text}`]);
      const formula = ["--formula", "A", "--formula", "B", "--formula", "C"];
      const rows = await rowsOf(lab, ["insights", ...typed, ...formula, "--totals", ...whereFlags(where)]);
      const expected = own.map(({ holds }) =>
        events.filter((event) => event.event === name && holds(event) && (where?.holds(event) ?? true)).length
      );
      const got = rows.map(([, value]) => Number(value));
      assert.deepEqual(got, expected, `${own.map(({ text }) => text).join("; ")}; ${where?.text}`);
    }),
  );

  it(
    "of insights count what there is",
    { timeout: 120_000 },
    forRandomEvents(async (lab, events, random) => {
      const where = randomWhere(random);
      const name = random.pick(OTHERS);
      const [math, number] = random.pick<[string, (list: Happened[]) => number]>([
        ["total", (list) => list.length],
        ["unique", people],
        ["total:amount", (list) => list.reduce((sum, { amount }) => sum + amount, 0)],
      ]);
      const isTotal = random.chance(0.5);
      const isSplit = random.chance(0.5);
      const counted = events.filter((event) => event.event === name && (where?.holds(event) ?? true));
      const groups: [string, Happened[]][] = isSplit
        ? [
          ["$overall", counted],
          ...PLANS.map((plan): [string, Happened[]] => [plan, counted.filter((one) => one.plan === plan)]),
        ]
        : [["", counted]];
      const expected = groups.filter(([key, list]) => list.length > 0 || key === "" || key === "$overall")
        .flatMap(([key, list]) =>
          isTotal
            ? [[key, "", number(list)]]
            : days.map((day) => [key, day, number(list.filter((one) => dayOf(one) === day))])
        );
      const rows = await rowsOf(lab, [
        ...["insights", "--event", name, "--math", math, ...whereFlags(where)],
        ...isTotal ? ["--totals"] : [],
        ...isSplit ? ["--by", "plan"] : [],
      ]);
      const got = rows.map((row) => {
        // The metric, where it is named, is always the same.
        const [day, key, value] = isTotal ? ["", isSplit ? row[1] : "", row.at(-1)] : row;
        return [isSplit ? key : "", day, Number(value)];
      });
      assert.deepEqual(got.toSorted(), expected.toSorted(), `${math} ${where?.text}`);
    }),
  );

  it(
    "of funnels take each through the steps in order, within the window",
    { timeout: 120_000 },
    forRandomEvents(async (lab, events, random) => {
      const where = randomWhere(random);
      const steps = ["Begin", ...Array.from({ length: 1 + random.below(2) }, () => random.pick(OTHERS))];
      const window = 1 + random.below(6);
      const passing = events.filter((event) => where?.holds(event) ?? true);
      const reached = passing.filter(({ event }) => event === "Begin").map((start) => {
        let at = start;
        let count = 1;
        for (const step of steps.slice(1)) {
          const next = passing.find((one) =>
            one.person === start.person && one.event === step && one.atMs > at.atMs &&
            one.atMs - start.atMs <= window * DAY_MS
          );
          if (next === undefined) break;
          at = next;
          count++;
        }
        return count;
      });
      const rows = await rowsOf(lab, ["funnel", ...steps, "--within", `${window}d`, ...whereFlags(where)]);
      assert.deepEqual(
        rows.map(([step, event, count]) => [Number(step), event, Number(count)]),
        steps.map((event, index) => [index + 1, event, reached.filter((count) => count > index).length]),
        `${steps.join(" > ")} within ${window}d, ${where?.text}`,
      );
    }),
  );

  it(
    "of retention find who comes back how many days after the beginning",
    { timeout: 120_000 },
    forRandomEvents(async (lab, events, random) => {
      const name = random.pick(OTHERS);
      const [born, back] = [randomWhere(random, { hasChoice: false }), randomWhere(random, { hasChoice: false })];
      const rows = await rowsOf(lab, [
        ...["retention", "Begin", name, "--unit", "day", "--align", "birth"],
        ...born === undefined ? [] : ["--born-where", born.text],
        ...whereFlags(back),
      ]);
      const starts = events.filter((one) => one.event === "Begin" && (born?.holds(one) ?? true));
      for (const [day, first, zeroth, ...others] of rows) {
        const own = starts.filter((one) => dayOf(one) === day);
        assert.equal(Number(first), own.length, day);
        assert.equal(Number(zeroth || 0), own.length, day);
        others.forEach((value, index) => {
          const interval = index + 1;
          const returned = own.filter((start) =>
            events.some((one) =>
              one.person === start.person && one.event === name && (back?.holds(one) ?? true) &&
              one.atMs > start.atMs &&
              Math.floor((one.atMs - start.atMs) / DAY_MS) === interval
            )
          );
          if (value !== "") assert.equal(Number(value), returned.length, `${day}, interval ${interval}, ${back?.text}`);
        });
      }
      assert.equal(rows.reduce((sum, [, first]) => sum + Number(first), 0), starts.length);
    }),
  );

  it(
    "of flows find which event is the next, and the next after that",
    { timeout: 120_000 },
    forRandomEvents(async (lab, events, random) => {
      const steps = 1 + random.below(3);
      const window = 2 + random.below(8);
      const rows = await rowsOf(lab, [
        ...["flows", "--from", "Begin", "--steps", String(steps), "--within", `${window}d`, "--branches", "10"],
      ], ["--since", "2026-11-02", "--until", "2026-11-15"]);
      const ways = events.filter(({ event }) => event === "Begin").map((start) =>
        events.filter((one) =>
          one.person === start.person && one.atMs >= start.atMs && one.atMs - start.atMs <= window * DAY_MS
        ).map(({ event }) => event)
      );
      const expected = Array.from(
        { length: steps + 1 },
        (_, step) =>
          [...Map.groupBy(ways.filter((way) => way[step] !== undefined), (way) => way[step]!)]
            .map(([event, own]) => [step, event, own.length]),
      ).flat();
      const got = rows.filter(([, event]) => event !== "(drop-off)").map((
        [step, event, count],
      ) => [Number(step), event, Number(count)]);
      assert.deepEqual(got.toSorted(), expected.toSorted(), `${steps} steps within ${window}d`);
    }),
  );
});
