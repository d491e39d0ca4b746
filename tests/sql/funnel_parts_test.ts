/** Random journeys through random funnels: DuckDB counts what the emulator counts, and who follows the rules word by word. */
import type { DuckDBConnection } from "@duckdb/node-api";
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { funnel, funnelBySegment, type FunnelStepResult } from "../../src/analytics/funnels/funnel.ts";
import type { FunnelRules } from "../../src/analytics/funnels/funnel_rules.ts";
import { timeBuckets } from "../../src/analytics/time_buckets.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { funnelParts } from "../../src/sql/questions/funnel_parts.ts";
import type { SqlFunnel } from "../../src/sql/questions/funnel_rules_sql.ts";
import { statementOf } from "../../src/sql/statement.ts";
import { sqlBuckets } from "../../src/sql/time_column.ts";
import { DAY_MS, EventLab, HOUR_MS } from "../analytics/event_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { slowAttempts, slowCounts, type SlowFunnel, slowTimes } from "../helpers/slow_funnel.ts";
import { openDuckDb } from "./duckdb_engine.ts";

const HISTORIES = Number(process.env.MP_SQL_SEEDS ?? 2);
const FUNNELS = 15;
const START_MS = Date.UTC(2026, 7, 1);
const NAMES = ["Open", "View", "Buy"];
const ZONE = "Europe/Berlin";

/** A condition as an expression, and as SQL. */
const CONDITIONS = [
  [`properties["plan"] == "pro"`, `plan = 'pro'`],
  [`properties["amount"] > 100`, `amount > 100`],
  [`not defined(properties["plan"])`, `plan IS NULL`],
  [`properties["ok"]`, `ok`],
] as const;

/** Many people with a few events each: hours, seconds and parts of them apart, never two at one moment. */
function randomEvents(random: Random): AnalyticsEvent[] {
  const events: AnalyticsEvent[] = [];
  for (let person = 0; person < 60; person++) {
    const times = new Set<number>();
    for (let count = random.below(14); count > 0; count--) {
      const base = START_MS +
        random.pick([random.below(24 * 11) * HOUR_MS - 12 * HOUR_MS, DAY_MS, 2 * DAY_MS, 3 * DAY_MS]);
      times.add(base + random.below(16) * 500 + random.below(3) * 20 * 60_000);
    }
    for (const timeMs of times) {
      const properties: Record<string, unknown> = {};
      if (random.chance(0.7)) properties.plan = random.pick(["pro", "free", "undefined"]);
      if (random.chance(0.7)) properties.amount = random.pick([1, 150, 2.5]);
      if (random.chance(0.5)) properties.ok = random.chance(0.5);
      events.push({ name: random.pick(NAMES), timeMs, distinctId: person === 0 ? "" : `u-${person}`, properties });
    }
  }
  return events.sort((a, b) => a.timeMs - b.timeMs);
}

async function load(connection: DuckDBConnection, events: readonly AnalyticsEvent[]): Promise<void> {
  await connection.run(
    "CREATE OR REPLACE TABLE events (event VARCHAR, time TIMESTAMPTZ, distinct_id VARCHAR, plan VARCHAR, amount DOUBLE, ok BOOLEAN)",
  );
  if (events.length === 0) return;
  const value = (one: unknown) => one === undefined ? "NULL" : typeof one === "string" ? `'${one}'` : String(one);
  const rows = events.map(({ name, timeMs, distinctId, properties: { plan, amount, ok } }) =>
    `('${name}', make_timestamptz(${timeMs * 1000}), '${distinctId}', ${value(plan)}, ${value(amount)}, ${value(ok)})`
  );
  await connection.run(`INSERT INTO events VALUES ${rows.join(", ")}`);
}

interface Kind {
  event: string;
  condition?: typeof CONDITIONS[number];
}

interface RandomFunnel {
  steps: (Kind & { inAnyOrder: boolean })[];
  exclusions: (Kind & { after: number; before: number })[];
  held: string[];
  windowMs: number;
  windowSessions?: number;
  counting: "uniques" | "totals" | "sessions";
  reentersOptimally: boolean;
}

function randomFunnel(random: Random): RandomFunnel {
  const condition = () => random.chance(0.3) ? random.pick(CONDITIONS) : undefined;
  const steps = Array.from({ length: 2 + random.below(3) }, () => ({
    event: random.pick(NAMES),
    condition: condition(),
    inAnyOrder: random.chance(0.3),
  }));
  const exclusions = Array.from({ length: random.pick([0, 0, 1, 2]) }, () => {
    const after = random.below(steps.length - 1);
    const before = after + 1 + random.below(steps.length - 1 - after);
    return { event: random.pick(NAMES), condition: condition(), after, before };
  });
  return {
    steps,
    exclusions,
    held: random.pick([[], [], ["plan"], ["plan", "amount"]]),
    windowMs: random.pick([3000, HOUR_MS, 30 * HOUR_MS, 8 * DAY_MS]),
    windowSessions: random.pick([undefined, undefined, 1, 2]),
    counting: random.pick(["uniques", "uniques", "totals", "sessions"]),
    reentersOptimally: random.chance(0.25),
  };
}

const SESSIONS = { timeoutMs: 30 * 60_000, timeZone: ZONE };
const buckets = timeBuckets({ fromDay: "2026-08-01", toDay: "2026-08-09", unit: "day", timeZone: ZONE });

function sqlOf({ steps, exclusions, held, ...rest }: RandomFunnel, isSplit: boolean): SqlFunnel {
  const condition = ({ event, condition }: Kind) =>
    condition === undefined ? `event = '${event}'` : `event = '${event}' AND ${condition[1]}`;
  return {
    ...rest,
    from: "events",
    time: { sql: "time", kind: "instant" },
    person: "nullif(distinct_id, '')",
    ties: ["event"],
    steps: steps.map((step) => ({ condition: condition(step), inAnyOrder: step.inAnyOrder })),
    exclusions: exclusions.map((one) => ({ condition: condition(one), after: one.after, before: one.before })),
    held,
    segments: isSplit ? ["coalesce(plan, 'undefined')"] : [],
    startMs: buckets.startMs,
    endMs: buckets.endMs,
    sessions: SESSIONS,
  };
}

function rulesOf(
  lab: EventLab,
  { steps, exclusions, held, ...rest }: RandomFunnel,
): { fast: FunnelRules; slow: SlowFunnel } {
  const fastKind = ({ condition, ...kind }: Kind) => ({ ...kind, where: condition && lab.where(condition[0]) });
  const slowKind = ({ condition, ...kind }: Kind) => ({
    ...kind,
    where: condition && EventLab.slowWhere(condition[0]),
  });
  const names = held.map((name) => `properties["${name}"]`);
  return {
    fast: {
      ...rest,
      buckets,
      sessions: SESSIONS,
      steps: steps.map((step) => fastKind(step)),
      exclusions: exclusions.map((step) => fastKind(step)),
      holding: names.map((name) => lab.on(name)),
    },
    slow: {
      ...rest,
      buckets,
      sessions: SESSIONS,
      steps: steps.map((step) => slowKind(step)),
      exclusions: exclusions.map((step) => slowKind(step)),
      holding: names.map((name) => EventLab.slowOn(name)),
    },
  };
}

/** By period and split: how many get to each step, and mean times from the first step and from the one before. */
type Numbers = Record<string, { counts: number[]; times: (number | null)[][] }>;

async function byDuckDb(connection: DuckDBConnection, sql: SqlFunnel): Promise<Numbers> {
  const options = { table: { from: "events" }, dialect: duckdb, timeZone: ZONE, nowMs: 0 };
  const inTime = { ...sql, from: "in_time" };
  const period = sqlBuckets(options, { time: { sql: "moment", kind: "instant" }, unit: "day", buckets });
  const { parts, isRecursive, select, columns } = funnelParts(options, inTime, period);
  const chosen = {
    name: "in_time",
    select: `SELECT * FROM events WHERE epoch_ms(time) >= ${sql.startMs} AND epoch_ms(time) <= ${
      sql.endMs + sql.windowMs
    }`,
  };
  const statement = statementOf({ comment: [], parts: [chosen, ...parts], isRecursive, select });
  let rows: Record<string, unknown>[];
  try {
    rows = (await connection.runAndReadAll(statement)).getRowObjects();
  } catch (error) {
    throw new Error(`${error}\n${statement}`);
  }
  assert.deepEqual(rows.length === 0 ? columns : Object.keys(rows[0]!), columns);
  const sums = new Map<string, number[]>();
  const own = columns.filter((name) => /^step_|^ms_/.test(name));
  for (const row of rows) {
    const keys = [
      ...(row.counts_0 === undefined || row.counts_0 === 1 ? [`${row.period}`] : []),
      ...(sql.segments.length > 0 && (row.counts_1 === undefined || row.counts_1 === 1)
        ? [`${row.period} ${row.segment_1}`]
        : []),
    ];
    for (const key of keys) {
      const before = sums.get(key) ?? own.map(() => 0);
      sums.set(key, own.map((name, index) => before[index]! + Number(row[name])));
    }
  }
  return Object.fromEntries([...sums].map(([key, values]) => {
    const of = (name: string) => values[own.indexOf(name)]!;
    const counts = sql.steps.map((_, index) => of(`step_${index + 1}`));
    const mean = (ms: number, count: number) => count === 0 ? null : Math.round(ms / count / 1000);
    const times = counts.map((count, index) =>
      index === 0 ? [null, null] : [
        mean(of(`ms_${index}_to_${index + 1}`), count),
        mean(of(`ms_1_to_${index + 1}`), count),
      ]
    );
    return [key, { counts, times }];
  }));
}

function byEmulator(lab: EventLab, rules: FunnelRules, isSplit: boolean): Numbers {
  const numbers = (steps: FunnelStepResult[]) => ({
    counts: steps.map(({ count }) => count),
    times: steps.map((step) => [step.avg_time, step.avg_time_from_start]),
  });
  const all = isSplit
    ? Object.entries(funnelBySegment(lab.view, { ...rules, on: lab.on(`properties["plan"]`) })).flatMap((
      [period, { $overall, ...segments }],
    ) => [
      [period, $overall!] as const,
      ...Object.entries(segments).map(([key, steps]) => [`${period} ${key}`, steps] as const),
    ])
    : Object.entries(funnel(lab.view, rules)).map(([period, { steps }]) => [period, steps] as const);
  return Object.fromEntries(
    all.map(([key, steps]) => [key, numbers(steps)] as const).filter(([, { counts }]) => counts[0]! > 0),
  );
}

function byRules(lab: EventLab, rules: SlowFunnel, isSplit: boolean): Numbers {
  const found: [string, { counts: number[]; times: (number | null)[][] }][] = [];
  const collect = (split: boolean) => {
    const own = split ? { ...rules, segmentsOf: ({ properties }: AnalyticsEvent) => [`${properties.plan}`] } : rules;
    const attempts = slowAttempts(lab.events, own);
    for (const key of new Set(attempts.map(({ bucket, segment }) => JSON.stringify([bucket, segment])))) {
      const [bucket, segment] = JSON.parse(key);
      found.push([split ? `${bucket} ${segment}` : bucket, {
        counts: slowCounts(attempts, own, bucket, segment),
        times: slowTimes(attempts, own, bucket, segment),
      }]);
    }
  };
  collect(false);
  if (isSplit) collect(true);
  return Object.fromEntries(found);
}

const DEBUG = process.env.MP_SQL_PRINT;

it("DuckDB, the emulator and the rules word by word agree on random funnels", { timeout: 600_000 }, async () => {
  const first = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  const connection = await openDuckDb();
  await connection.run("SET TimeZone = 'UTC'");
  for (let seed = first; seed < first + HISTORIES; seed++) {
    const random = seededRandom(seed);
    const lab = new EventLab(randomEvents(random));
    await load(connection, lab.events);
    for (let number = 0; number < FUNNELS; number++) {
      const asked = randomFunnel(random);
      const isSplit = random.chance(0.5);
      const { fast, slow } = rulesOf(lab, asked);
      const told = `seed ${seed}, funnel ${number}: ${isSplit ? "split " : ""}${JSON.stringify(asked)}`;
      if (DEBUG) console.log(told);
      const expected = byRules(lab, slow, isSplit);
      assert.deepEqual(byEmulator(lab, fast, isSplit), expected, told);
      assert.deepEqual(await byDuckDb(connection, sqlOf(asked, isSplit)), expected, told);
    }
  }
  connection.closeSync();
});
