/** Random questions about a lake: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { askedBy } from "../../src/lake/needs.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS } from "../helpers/world.ts";
import { answerOf, openDuckDb } from "./duckdb_engine.ts";

const SEEDS = Number(process.env.MP_SQL_SEEDS ?? 1);
const QUESTIONS = 40;
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
    return { event: random.pick(NAMES), properties };
  });
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

function randomQuestion(random: Random): string[] {
  const first = random.below(9);
  return [
    ...["query", "segmentation", random.pick(NAMES), "-f", "json"],
    ...["--from", dayOf(NOW_MS / 1000 - first * DAY_SECONDS)],
    ...["--to", dayOf(NOW_MS / 1000 - random.below(first + 1) * DAY_SECONDS)],
    ...["--math", random.pick(["general", "unique", "average"])],
    ...random.pick([[], ["--unit", random.pick(["hour", "day", "week", "month"])], ["--interval", "3"]]),
  ];
}

async function lastAsked({ requests }: ProgramLab) {
  const { path, search, method, text } = requests.at(-1)!;
  return await askedBy(
    new Request(`http://127.0.0.1${path}?${search}`, { method, body: method === "GET" ? undefined : text }),
  );
}

it("DuckDB's rows make the emulator's answers to random segmentations", { timeout: 300_000 }, async () => {
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
      const lake = folder.path(`${seed}.parquet`);
      const exported = await lab.mp(["export", "events", "--last", "12d", "-q", "-f", "parquet", "-o", lake]);
      assert.equal(exported.code, 0, exported.stderr);
      const table = { from: `'${lake}'` };
      for (let number = 0; number < QUESTIONS; number++) {
        const argv = randomQuestion(random);
        const { code, stdout, stderr } = await lab.mp(argv);
        const told = `seed ${seed}: ${argv.join(" ")}`;
        assert.equal(code, 0, `${told}: ${stderr}`);
        const asked = await lastAsked(lab);
        const question = sqlQuestion(asked, { table, dialect: duckdb, timeZone: "UTC", nowMs: NOW_MS });
        assert.deepEqual(await answerOf(connection, question), JSON.parse(stdout), `${told}\n${question.statement}`);
      }
    } finally {
      await lab.stop();
    }
  }
  connection.closeSync();
});
