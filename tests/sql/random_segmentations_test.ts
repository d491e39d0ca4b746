/** Random questions about a lake: the answer that DuckDB's rows make is the emulator's. */
import type { DuckDBConnection } from "@duckdb/node-api";
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { askedBy } from "../../src/lake/needs.ts";
import type { SqlTable } from "../../src/sql/sql_table.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { answerOf, lakeTable, openDuckDb } from "./duckdb_engine.ts";
import { randomCondition, randomExpression, randomRow } from "./random_expressions.ts";

const SEEDS = Number(process.env.MP_SQL_SEEDS ?? 1);
const QUESTIONS = Number(process.env.MP_SQL_QUESTIONS ?? 60);
const DAY_SECONDS = 86_400;
const NAMES = ["View", 'Add to "cart"', "it's", "Käufe"];
const folder = temporaryFolder();

function randomEvents(random: Random): unknown[] {
  return Array.from({ length: 400 }, (_, index) => {
    const time = NOW_MS / 1000 - 60 - random.below(9) * DAY_SECONDS - 60 * random.below(900);
    const properties: Record<string, unknown> = {
      time,
      distinct_id: `u-${random.below(12)}`,
      $insert_id: `i-${index}`,
    };
    if (random.chance(0.5)) properties.tags = random.pick([["a", "b"], ["a"], [], ["a", "a", 1], { a: 1 }]);
    return { event: random.pick(NAMES), properties: { ...properties, ...randomRow(random) } };
  });
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

type Question = (random: Random) => string[];

const days: Question = (random) => {
  const first = random.below(9);
  return [
    ...["--from", dayOf(NOW_MS / 1000 - first * DAY_SECONDS)],
    ...["--to", dayOf(NOW_MS / 1000 - random.below(first + 1) * DAY_SECONDS)],
  ];
};
const math: Question = (random) => ["--math", random.pick(["general", "unique", "average"])];
const where: Question = (random) => random.chance(0.4) ? ["--where", randomCondition(random)] : [];
const on: Question = (random) =>
  random.chance(0.3) ? [] : [
    "--on",
    random.pick([
      'properties["plan"]',
      'properties["amount"]',
      'properties["vip"]',
      'properties["events"]',
      'event["name"]',
      randomExpression(random),
    ]),
  ];
const limit: Question = (random) => random.chance(0.3) ? ["--limit", String(1 + random.below(4))] : [];
const property = (random: Random): string => random.pick(["plan", "amount", "vip", "events", "tags", "$insert_id"]);

const QUESTION_KINDS: readonly Question[] = [
  (random) => [
    ...["segmentation", random.pick(NAMES), ...days(random), ...math(random), ...where(random), ...on(random)],
    ...random.pick([[], ["--unit", random.pick(["minute", "hour", "day", "week", "month"])], ["--interval", "3"]]),
    ...limit(random),
  ],
  (random) => ["segmentation", random.pick(NAMES), ...days(random), "--on", 'properties["tags"]', ...limit(random)],
  (random) => [
    ...["numeric", random.pick(NAMES), 'properties["amount"]', ...days(random), ...where(random)],
    ...random.pick([[], ["--unit", random.pick(["hour", "day"])]]),
  ],
  (random) => [
    random.pick(["sum", "average"]),
    ...[random.pick(NAMES), random.pick(['properties["amount"]', 'properties["events"] * 2', 'properties["plan"]'])],
    ...[...days(random), ...where(random), ...random.pick([[], ["--unit", random.pick(["hour", "day"])]])],
  ],
  (random) => [
    ...["events", random.pick(NAMES), random.pick([...NAMES, "Nothing"]), ...days(random), ...math(random)],
    ...[...where(random), "--unit", random.pick(["day", "week", "month"])],
  ],
  (random) => [
    ...["properties", random.pick(NAMES), property(random), ...days(random), ...limit(random)],
    ...random.pick([[], ["--value", "pro", "--value", "none"]]),
  ],
  (random) => [
    ...["frequency", ...days(random), ...random.pick([["--event", random.pick(NAMES)], []]), ...where(random)],
    ...random.pick([["--unit", "day", "--part", "hour"], ["--unit", "week", "--part", "day"]]),
    ...on(random),
  ],
];

const EVENTS_QUESTIONS = [
  ["events", "top"],
  ["events", "top", "--math", "unique"],
  ["events", "top", "--math", "average", "--limit", "2"],
  ["events", "list"],
  ["events", "list", "--math", "unique", "--limit", "3"],
  ["events", "properties", "View"],
  ["events", "properties", "it's", "--limit", "3"],
  ["events", "values", "plan"],
  ["events", "values", "View", "tags"],
  ["events", "values", "amount", "--limit", "4"],
  ["events", "values", "nowhere"],
];

async function lastAsked({ requests }: ProgramLab) {
  const { path, search, method, text } = requests.at(-1)!;
  return await askedBy(
    new Request(`http://127.0.0.1${path}?${search}`, { method, body: method === "GET" ? undefined : text }),
  );
}

async function checkQuestion(
  argv: readonly string[],
  { lab, table, connection, told }: { lab: ProgramLab; table: SqlTable; connection: DuckDBConnection; told: string },
): Promise<boolean> {
  // An expression need not make sense.
  const isUnchecked = argv.includes("--where") || argv.includes("--on") || /^(?:numeric|sum|average)$/.test(argv[1]!);
  const { code, stdout, stderr } = await lab.mp([...argv, ...(isUnchecked ? ["--no-check"] : []), "-f", "json"]);
  const command = `${told}: mp ${argv.map((word) => `'${word}'`).join(" ")}`;
  // A condition may join what is neither true nor false, by which both fail.
  const isRefused = code === 3 && /joins conditions|as a condition/.test(stderr);
  assert.ok(code === 0 || isRefused, `${command}: ${stderr}`);
  const asked = await lastAsked(lab);
  if (isRefused) return false;
  const question = sqlQuestion(asked, { table, dialect: duckdb, timeZone: "UTC", nowMs: NOW_MS });
  const answer = await answerOf(connection, question).catch((error) => {
    throw new Error(`${command}\n${question.statement}`, { cause: error });
  });
  assert.deepEqual(answer, JSON.parse(stdout), `${command}\n${question.statement}`);
  return true;
}

it("DuckDB's rows make the emulator's answers to random questions", { timeout: 300_000 }, async () => {
  const first = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  const connection = await openDuckDb();
  for (let seed = first; seed < first + SEEDS; seed++) {
    const random = seededRandom(seed);
    const lab = openProgramLab();
    try {
      const lines = folder.write(
        `${seed}.jsonl`,
        randomEvents(random).map((one) => `${JSON.stringify(one)}\n`).join(""),
      );
      const imported = await lab.mp(["import", lines, "--no-checkpoint", "-q"]);
      assert.equal(imported.code, 0, imported.stderr);
      const lake = folder.path(`${seed}`);
      const exported = await lab.mp(["export", "events", "--last", "12d", "-q", "-f", "parquet", "-o", `${lake}/`]);
      assert.equal(exported.code, 0, exported.stderr);
      const table = lakeTable(lake);
      for (let number = 0; number < QUESTIONS; number++) {
        const argv = ["query", ...random.pick(QUESTION_KINDS)(random)];
        await checkQuestion(argv, { lab, table, connection, told: `seed ${seed}` });
      }
      for (const argv of EVENTS_QUESTIONS) await checkQuestion(argv, { lab, table, connection, told: `seed ${seed}` });
    } finally {
      await lab.stop();
    }
  }
  connection.closeSync();
});
