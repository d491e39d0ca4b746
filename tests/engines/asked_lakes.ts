/** Lakes of random events, and random questions with what the emulator and the embedded engine answer. */
import assert from "node:assert/strict";
import { cpSync, readdirSync } from "node:fs";
import { join } from "node:path";
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import { type Asked, askedBy } from "../../src/lake/needs.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import type { TemporaryFolder } from "../helpers/temporary_folder.ts";
import { runProgram } from "../helpers/world.ts";
import type { Lake } from "./engine.ts";
import { randomAsk } from "./random_asks.ts";
import { randomEvents } from "./random_parts.ts";

const EVENTS = 400;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];

export interface AskedQuestion {
  /** The seed and the words, to repeat it. */
  told: string;
  argv: readonly string[];
  asked: Asked;
  /** The emulator's, which is that of the files and of the slow computation. */
  answer: unknown;
}

export interface AskedLake {
  lake: Lake;
  timeZone: string;
  questions: readonly AskedQuestion[];
}

/** What is asked of one lake. @throws AssertionError when emulator, files and slow computation do not agree */
export async function askLake(folder: TemporaryFolder, seed: number, count: number): Promise<AskedLake> {
  const random = seededRandom(seed);
  const timeZone = ZONES[seed % ZONES.length]!;
  const events = randomEvents(random, EVENTS);
  const lab = openProgramLab({}, undefined, timeZone);
  try {
    const { lake, plain } = await exportedLake(lab, { folder, seed, events });
    const questions: AskedQuestion[] = [];
    while (questions.length < count) {
      questions.push(await askRandomly(lab, { random, seed, timeZone, events, folder: plain }));
    }
    return { lake, timeZone, questions };
  } finally {
    await lab.stop();
  }
}

export async function exportedLake(
  lab: ProgramLab,
  { folder, seed, events }: { folder: TemporaryFolder; seed: number; events: readonly AnalyticsEvent[] },
): Promise<{ lake: Lake; plain: string }> {
  const lines = events.map(({ name, timeMs, distinctId, properties }) =>
    `${JSON.stringify({ event: name, properties: { ...properties, time: timeMs / 1000, distinct_id: distinctId } })}\n`
  );
  const imported = await lab.mp(["import", folder.write(`${seed}.jsonl`, lines.join("")), "--no-checkpoint", "-q"]);
  assert.equal(imported.code, 0, imported.stderr);
  const path = folder.path(`lake_${seed}`), plain = folder.path(`plain_${seed}`);
  for (const [to, names] of [[path, "safe"], [plain, "mixpanel"]] as const) {
    const flags = ["--last", "40d", "-q", "-f", "parquet", "--names", names];
    const exported = await lab.mp(["export", "events", ...flags, "-o", `${to}/`]);
    assert.equal(exported.code, 0, exported.stderr);
  }
  // Some days were exported twice, as it happens.
  for (const to of [path, plain]) {
    for (const file of readdirSync(to).filter((name) => name.endsWith("7.parquet"))) {
      cpSync(join(to, file), join(to, file.replace(".parquet", "_again.parquet")));
    }
  }
  const name = `lake_${seed}`;
  const lake: Lake = {
    name,
    folder: path,
    async ddl({ engine, location, table = name }) {
      const argv = ["lake", "ddl", path, "--engine", engine, "--table", table];
      const { code, stdout, stderr } = await runProgram(
        location === undefined ? argv : [...argv, "--location", location],
      );
      assert.equal(code, 0, stderr);
      return stdout.split(/;\n+(?=\S|$)/).filter((statement) => statement.trim() !== "");
    },
  };
  return { lake, plain };
}

async function askRandomly(
  lab: ProgramLab,
  { random, seed, timeZone, events, folder }: {
    random: Random;
    seed: number;
    timeZone: string;
    events: readonly AnalyticsEvent[];
    folder: string;
  },
): Promise<AskedQuestion> {
  const { argv, check } = randomAsk(random);
  const told = `seed ${seed}, ${timeZone}: mp ${
    argv.map((word) => /^[\w-]+$/.test(word) ? word : `'${word}'`).join(" ")
  }`;
  const before = lab.requests.length;
  const { code, stdout, stderr } = await lab.mp(argv);
  assert.equal(code, 0, `${told}: ${stderr}`);
  const [request, ...others] = lab.requests.slice(before);
  assert.equal(others.length, 0, `${told} asks more than one question`);
  const { path, search, method, text } = request!;
  const body = method === "GET" ? undefined : text;
  const asked = await askedBy(new Request(`http://127.0.0.1${path}?${search}`, { method, body }));
  const answer = JSON.parse(stdout);
  try {
    check(answer, events, timeZone);
  } catch (error) {
    throw new Error(told, { cause: error });
  }
  const ofFiles = await runProgram([...argv, "--source", folder, "--tz", timeZone]);
  assert.equal(ofFiles.code, 0, `${told}: ${ofFiles.stderr}`);
  assert.deepEqual(JSON.parse(ofFiles.stdout), answer, told);
  return { told, argv, asked, answer };
}
