/** Real engines read texts, names and expressions as mp means them. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { compileExpression, compileFilter } from "../../src/expressions/evaluate.ts";
import { Moment } from "../../src/expressions/moment.ts";
import { parseExpression } from "../../src/expressions/parse.ts";
import type { SqlValue } from "../../src/sql/asking.ts";
import { chosenName } from "../../src/sql/chosen_events.ts";
import type { EngineName } from "../../src/sql/dialect.ts";
import { DIALECTS } from "../../src/sql/dialects/index.ts";
import { SqlExpressions } from "../../src/sql/expression_sql.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";
import { MpError } from "../../src/errors.ts";
import { describeUnless } from "../helpers/needs.ts";
import { openProgramLab } from "../helpers/program_lab.ts";
import { seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { NASTY } from "../sql/nasty_texts.ts";
import { randomCondition, randomExpression } from "../sql/random_expressions.ts";
import { exportedLake } from "./asked_lakes.ts";
import type { LoadedTable, RunningEngine } from "./engine.ts";
import { sqlTable } from "./engine_run.ts";
import { RUN_ENGINES } from "./engines.ts";
import { randomEvents } from "./random_parts.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const EXPRESSIONS = Number(process.env.MP_ENGINE_EXPRESSIONS ?? 200);
/** In one statement. */
const BATCH = 20;
const { MP_ENGINES: WANTED } = process.env;

const folder = temporaryFolder();

/** Events with a number by which their rows are known. */
async function makeLake() {
  const events = randomEvents(seededRandom(SEED), 80)
    .map((event, line) => ({ ...event, properties: { ...event.properties, line } }));
  const lab = openProgramLab();
  try {
    const { lake } = await exportedLake(lab, { folder, seed: SEED, events });
    return { events, lake };
  } finally {
    await lab.stop();
  }
}

for (const engine of RUN_ENGINES) {
  if (WANTED !== undefined && !WANTED.split(",").includes(engine.dialect)) continue;
  const start = engine.install();
  describeUnless("reason" in start && start.reason, engine.title, () => {
    it("reads texts, names and expressions as they are meant", { timeout: 3_600_000 }, async () => {
      if ("reason" in start) return;
      const running = await start.start(folder.path("."));
      try {
        await checkTexts(running, engine.dialect);
        const { events, lake } = await (made ??= makeLake());
        const loaded = await running.load(lake);
        await checkExpressions(running, engine.dialect, { table: await sqlTable(lake.name, loaded), loaded, events });
      } finally {
        await running.stop();
      }
    });
  });
}

let made: ReturnType<typeof makeLake> | undefined;

async function checkTexts(engine: RunningEngine, dialect: EngineName): Promise<void> {
  const { text, identifier } = DIALECTS[dialect];
  const [texts] = await engine.rows(`SELECT ${NASTY.map((one, index) => `${text(one)} AS t${index}`).join(", ")}`);
  assert.deepEqual(texts, NASTY);
  const quoted = NASTY.flatMap((name) => {
    try {
      return [identifier(name)];
    } catch (error) {
      // What an engine has no name for is refused.
      if (error instanceof MpError && error.code === "not_in_sql") return [];
      throw error;
    }
  });
  const named = quoted.map((name, index) => `SELECT ${name} FROM (SELECT ${index} AS ${name}) n`);
  const rows = await engine.rows(named.join("\nUNION ALL "));
  assert.deepEqual(rows.map(([number]) => Number(number)).sort((a, b) => a - b), [...quoted.keys()]);
  assert.ok(quoted.length > NASTY.length / 2);
}

interface Given {
  table: SqlTable;
  loaded: LoadedTable;
  events: readonly AnalyticsEvent[];
}

async function checkExpressions(engine: RunningEngine, name: EngineName, { table, loaded, events }: Given) {
  const dialect = DIALECTS[name];
  const random = seededRandom(SEED);
  const columns = loaded.columns.map((column) =>
    `${dialect.identifier(column.name)} AS ${dialect.identifier(chosenName(column.name))}`
  );
  const wrong: string[] = [];
  let [count, refused] = [0, 0];
  while (count < EXPRESSIONS) {
    const timeZone = random.pick(["UTC", "Europe/Berlin", "America/New_York"]);
    const written: { text: string; sql: string; expected: (event: AnalyticsEvent) => unknown }[] = [];
    while (written.length < BATCH) {
      const text = randomExpression(random), condition = randomCondition(random);
      const options = { nowMs: NOW_MS, timeZone };
      try {
        const sql = new SqlExpressions({ table, dialect, ...options });
        const value = sql.value(text), filter = sql.filter(condition);
        const evaluate = compileExpression(parseExpression(text), options);
        const matches = compileFilter(parseExpression(condition), options);
        written.push({ text, sql: value.sql, expected: (event) => evaluate(scopeOf(event)) });
        const sure = `CASE WHEN ${filter} THEN 1 ELSE 0 END`;
        written.push({ text: condition, sql: sure, expected: (event) => Number(matches(scopeOf(event))) });
      } catch (error) {
        if (!(error instanceof MpError)) throw error;
        refused++;
      }
    }
    count += written.length;
    const selected = written.map(({ sql }, index) => `${sql} AS v${index}`);
    const statement = `SELECT ${["line", ...selected].join(",\n")}\nFROM (SELECT ${
      columns.join(", ")
    } FROM ${table.from}) chosen`;
    const rows = await engine.rows(statement).catch((error) => {
      throw new Error(`seed ${SEED}\n${statement}`, { cause: error });
    });
    const found = new Map(rows.map(([row, ...values]) => [Number(row), values]));
    assert.equal(found.size, events.length);
    for (const [column, { text, sql, expected }] of written.entries()) {
      for (const [row, event] of events.entries()) {
        const value = plain(expected(event)), given = plain(found.get(row)![column], typeof value);
        if (Object.is(value, given)) continue;
        wrong.push(`${timeZone}, ${JSON.stringify(event)}:\n${text}\n${sql}\n${given} in place of ${value}`);
        break;
      }
    }
  }
  assert.equal(
    wrong.length,
    0,
    `seed ${SEED}: ${wrong.length} of ${count} are wrong:\n${wrong.slice(0, 5).join("\n\n")}`,
  );
  assert.ok(refused < count, `${refused} are refused`);
}

const scopeOf = ({ name, timeMs, distinctId, properties }: AnalyticsEvent) => ({
  properties: properties as Record<string, string>,
  event: { name, timeMs, distinctId },
});

/** Numbers as one type, and what is missing as null. JSON has no numbers that are infinite. */
function plain(value: unknown, like?: string): unknown {
  if (value === undefined) return null;
  if (value instanceof Moment) return String(value);
  if (like === "boolean" && value !== null) return Boolean(value as SqlValue);
  if (typeof value === "bigint") return Number(value);
  if (typeof value !== "number") return value;
  // There are two zeros in JavaScript, and a number has 15 digits that engines agree on.
  return Number.isFinite(value) ? Number((value + 0).toPrecision(15)) : null;
}
