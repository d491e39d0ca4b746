/**
 * Random events in files of several writers, and random questions: the files' answer is that of the emulator, which has the
 * events by an import, and that of somebody who looks at each event again.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { openProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";

const SEEDS = Number(process.env.MP_LAKE_SEEDS ?? 3);
const QUESTIONS = 10;
const DAY_SECONDS = 86_400;
const NAMES = ["View", 'Add to "cart"', "Käufe"];
const PLANS = ["free", "pro", "naïve", "back\\slash"];
const folder = temporaryFolder();

interface SentEvent {
  event: string;
  properties: { time: number; distinct_id: string; $insert_id: string; plan?: string; amount?: number };
}

/** Few times, so that many events share one; some are sent twice, and some share all but one of what tells copies. */
function randomEvents(random: Random): SentEvent[] {
  const events: SentEvent[] = [];
  const nowSeconds = NOW_MS / 1000;
  for (let index = 0; index < 250; index++) {
    const time = nowSeconds - 60 - random.below(6) * DAY_SECONDS - 3600 * random.below(8);
    const properties: SentEvent["properties"] = { time, distinct_id: `u-${random.below(9)}`, $insert_id: `i-${index}` };
    if (random.chance(0.8)) properties.plan = random.pick(PLANS);
    if (random.chance(0.8)) properties.amount = random.pick([1, 2.5, 40, 0.125, -3]);
    events.push({ event: random.pick(NAMES), properties });
    if (!random.chance(0.15)) continue;
    const { event, properties: first } = random.pick(events);
    events.push({
      event: random.chance(0.2) ? random.pick(NAMES) : event,
      properties: {
        ...first,
        plan: random.pick(PLANS),
        ...(random.chance(0.2) && { distinct_id: `u-${random.below(9)}` }),
        ...(random.chance(0.2) && { $insert_id: `j-${index}` }),
      },
    });
  }
  return events;
}

/** The events without the earlier ones of copies. */
function distinct(events: readonly SentEvent[]): SentEvent[] {
  const keyOf = ({ event, properties: { time, distinct_id, $insert_id } }: SentEvent) =>
    JSON.stringify([event, time, distinct_id, $insert_id]);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}

const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);

interface Question {
  event: string;
  from: string;
  to: string;
  isUnique: boolean;
  isSplit: boolean;
  above?: number;
}

function randomQuestion(random: Random): Question {
  const first = random.below(6);
  return {
    event: random.pick(NAMES),
    from: dayOf(NOW_MS / 1000 - first * DAY_SECONDS),
    to: dayOf(NOW_MS / 1000 - random.below(first + 1) * DAY_SECONDS),
    isUnique: random.chance(0.5),
    isSplit: random.chance(0.5),
    above: random.chance(0.4) ? random.pick([0, 2, 10]) : undefined,
  };
}

function argumentsOf({ event, from, to, isUnique, isSplit, above }: Question): string[] {
  return [
    ...["query", "segmentation", event, "--from", from, "--to", to, "-f", "json"],
    ...(isUnique ? ["--math", "unique"] : []),
    ...(isSplit ? ["--on", 'properties["plan"]'] : []),
    ...(above === undefined ? [] : ["--where", `properties["amount"] > ${above}`]),
  ];
}

/** Counts by key and day, without those that are 0. */
function slowCounts(events: readonly SentEvent[], question: Question): Record<string, Record<string, number>> {
  const counts: Record<string, Record<string, number>> = {};
  const people = new Set<string>();
  for (const { event, properties: { time, distinct_id, plan, amount } } of events) {
    const day = dayOf(time);
    if (event !== question.event || day < question.from || day > question.to) continue;
    if (question.above !== undefined && !((amount ?? NaN) > question.above)) continue;
    const key = question.isSplit ? plan ?? "undefined" : event;
    const person = JSON.stringify([key, day, distinct_id]);
    if (question.isUnique && people.has(person)) continue;
    people.add(person);
    counts[key] ??= {};
    counts[key][day] = (counts[key][day] ?? 0) + 1;
  }
  return counts;
}

function withoutZeros(values: Record<string, Record<string, number>>): Record<string, Record<string, number>> {
  return Object.fromEntries(
    Object.entries(values)
      .map(([key, days]) => [key, Object.fromEntries(Object.entries(days).filter(([, count]) => count !== 0))] as const)
      .filter(([, days]) => Object.keys(days).length > 0),
  );
}

/** The lines as DuckDB writes them, in several types of time. */
async function writeByDuckDb(lines: string, path: (name: string) => string): Promise<string[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const times = {
    seconds: "properties.time",
    zoned: "to_timestamp(properties.time)",
    milliseconds: "epoch_ms(properties.time * 1000)::TIMESTAMP_MS",
  };
  try {
    return await Promise.all(
      Object.entries(times).map(async ([name, time]) => {
        const file = path(`${name}.parquet`);
        await connection.run(`
          COPY (
            SELECT event, ${time} AS "time", properties.distinct_id AS distinct_id,
              properties."$insert_id" AS "$insert_id", properties.plan AS plan, properties.amount AS amount
            FROM read_json('${lines}', format = 'newline_delimited', columns = {'event': 'VARCHAR', 'properties':
              'STRUCT("time" BIGINT, distinct_id VARCHAR, "$insert_id" VARCHAR, plan VARCHAR, amount DOUBLE)'})
          ) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 100)`);
        return file;
      }),
    );
  } finally {
    connection.closeSync();
  }
}

it("files, emulator and a slow count agree on random questions", { timeout: 300_000 }, async () => {
  const first = Math.floor(Math.random() * 1e9);
  for (let seed = first; seed < first + SEEDS; seed++) {
    const random = seededRandom(seed);
    const events = randomEvents(random);
    const lab = openProgramLab();
    try {
      const text = events.map((one) => `${JSON.stringify(one)}\n`).join("");
      const lines = folder.write(`${seed}/events.jsonl`, text);
      const imported = await lab.mp(["import", lines, "--no-checkpoint", "-q"]);
      assert.equal(imported.code, 0, imported.stderr);
      const lakes = [lines, ...await writeByDuckDb(lines, (name) => folder.path(`${seed}/${name}`))];
      for (
        const [name, flags] of [["parquet/", ["-f", "parquet"]], ["hive/", ["-f", "parquet", "--hive"]], ["csv/", [
          "-f",
          "csv",
        ]]] as const
      ) {
        const lake = folder.path(`${seed}/${name}`);
        const exported = await lab.mp(["export", "events", "--last", "8d", "-q", ...flags, "-o", lake]);
        assert.equal(exported.code, 0, exported.stderr);
        lakes.push(lake);
      }
      for (let number = 0; number < QUESTIONS; number++) {
        const question = randomQuestion(random);
        const argv = argumentsOf(question);
        const asked = await lab.mp(argv);
        const values = JSON.parse(asked.stdout).data.values;
        assert.deepEqual(
          withoutZeros(values),
          slowCounts(distinct(events), question),
          `seed ${seed}: ${argv.join(" ")}`,
        );
        for (const lake of lakes) {
          const { code, stdout, stderr } = await runProgram([...argv, "--source", lake]);
          assert.equal(code, 0, `seed ${seed}: ${argv.join(" ")} of ${lake}: ${stderr}`);
          assert.deepEqual(JSON.parse(stdout).data.values, values, `seed ${seed}: ${argv.join(" ")} of ${lake}`);
        }
      }
    } finally {
      await lab.stop();
    }
  }
});
