/**
 * Random events in files of several writers, and random questions: the files' answer is that of the emulator, which has the
 * events by an import, and that of somebody who looks at each event again.
 */
import { DuckDBInstance } from "@duckdb/node-api";
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { NOW_MS, runProgram } from "../helpers/world.ts";
import { KINDS } from "./random_argv.ts";
import { DAY_SECONDS, dayOf, distinct, NAMES, randomEvents, type SentEvent } from "./random_events.ts";

const SEEDS = Number(process.env.MP_LAKE_SEEDS ?? 1);
const QUESTIONS = 10;
/** Each with one question of every kind. */
const KIND_SEEDS = Math.ceil(SEEDS / 2);

const EXPORTS = {
  "parquet/": ["-f", "parquet"],
  "hive/": ["-f", "parquet", "--hive"],
  "lines/": [],
  "csv/": ["-f", "csv"],
};

const folder = temporaryFolder();

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

/** The lines as DuckDB writes them, in several types of time and encodings. */
async function writeByDuckDb(lines: string, path: (name: string) => string): Promise<string[]> {
  const connection = await (await DuckDBInstance.create()).connect();
  const times = {
    seconds: "properties.time",
    zoned: "to_timestamp(properties.time)",
    milliseconds: "epoch_ms(properties.time * 1000)::TIMESTAMP_MS",
    nanoseconds: "epoch_ms(properties.time * 1000)::TIMESTAMP_NS",
  };
  const forms: Record<string, string> = { zoned: ", PARQUET_VERSION V2, COMPRESSION zstd" };
  try {
    return await Promise.all(
      Object.entries(times).map(async ([name, time]) => {
        const file = path(`${name}.parquet`);
        await connection.run(`
          COPY (
            SELECT event, ${time} AS "time", properties.distinct_id AS distinct_id,
              properties."$insert_id" AS "$insert_id", properties.plan AS plan, properties.amount AS amount,
              properties.mixed AS mixed
            FROM read_json('${lines}', format = 'newline_delimited', columns = {'event': 'VARCHAR', 'properties':
              'STRUCT("time" BIGINT, distinct_id VARCHAR, "$insert_id" VARCHAR, plan VARCHAR, amount DOUBLE, mixed JSON)'})
          ) TO '${file}' (FORMAT parquet, ROW_GROUP_SIZE 100${forms[name] ?? ""})`);
        return file;
      }),
    );
  } finally {
    connection.closeSync();
  }
}

/** Files with the events: as they were sent, as DuckDB writes them, and as mp exports them from the emulator. */
async function lakesOf(lab: ProgramLab, events: readonly SentEvent[], seed: number): Promise<string[]> {
  const lines = folder.write(`${seed}/events.jsonl`, events.map((one) => `${JSON.stringify(one)}\n`).join(""));
  const imported = await lab.mp(["import", lines, "--no-checkpoint", "-q"]);
  assert.equal(imported.code, 0, imported.stderr);
  const lakes = [lines, ...await writeByDuckDb(lines, (name) => folder.path(`${seed}/${name}`))];
  for (const [name, flags] of Object.entries(EXPORTS)) {
    const lake = folder.path(`${seed}/${name}`);
    const exported = await lab.mp(["export", "events", "--last", "8d", "-q", ...flags, "-o", lake]);
    assert.equal(exported.code, 0, exported.stderr);
    lakes.push(lake);
  }
  return lakes;
}

/** Runs something with an emulator, random events in it, and files with the same. */
async function withLakes(
  seed: number,
  run: (lab: ProgramLab, events: readonly SentEvent[], lakes: readonly string[], random: Random) => Promise<void>,
): Promise<void> {
  const random = seededRandom(seed);
  const events = randomEvents(random);
  const lab = openProgramLab();
  try {
    await run(lab, events, await lakesOf(lab, events, seed), random);
  } finally {
    await lab.stop();
  }
}

const firstSeed = Math.floor(Math.random() * 1e9);

it("files, emulator and a slow count agree on random questions", { timeout: 300_000 }, async () => {
  for (let seed = firstSeed; seed < firstSeed + SEEDS; seed++) {
    await withLakes(seed, async (lab, events, lakes, random) => {
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
    });
  }
});

/** An answer without when it was computed. */
function timeless(stdout: string): unknown {
  return JSON.parse(stdout, (key, value) => key === "computed_at" ? undefined : value);
}

it("files and emulator agree on random questions of every kind", { timeout: 300_000 }, async () => {
  for (let seed = firstSeed + SEEDS; seed < firstSeed + SEEDS + KIND_SEEDS; seed++) {
    await withLakes(seed, async (lab, _, lakes, random) => {
      for (const kind of Object.values(KINDS)) {
        const argv = [...kind(random), "-f", "json"];
        const asked = await lab.mp(argv);
        assert.equal(asked.code, 0, `seed ${seed}: ${argv.join(" ")}: ${asked.stderr}`);
        for (const lake of lakes) {
          // A number and a text of the same digits are one in CSV.
          if (lake.endsWith("csv/") && /mixed|properties View/.test(argv.join(" "))) continue;
          const { code, stdout, stderr } = await runProgram([...argv, "--source", lake]);
          assert.equal(code, 0, `seed ${seed}: ${argv.join(" ")} of ${lake}: ${stderr}`);
          assert.deepEqual(timeless(stdout), timeless(asked.stdout), `seed ${seed}: ${argv.join(" ")} of ${lake}`);
        }
      }
    });
  }
});
