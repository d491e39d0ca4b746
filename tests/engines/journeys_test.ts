/** Real engines run the statements of random funnels and of random retention: their answers are the emulator's. */
import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import process from "node:process";
import { before, it } from "node:test";
import { askedBy } from "../../src/lake/needs.ts";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { describeUnless } from "../helpers/needs.ts";
import { openProgramLab, type ProgramLab } from "../helpers/program_lab.ts";
import { seededRandom } from "../helpers/random.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { randomJourneys } from "../sql/journeys_lab.ts";
import { ZONES } from "../sql/arbitrary_parts.ts";
import { randomFunnel, randomRetention, randomRetentionReport } from "../sql/random_journeys.ts";
import { type AskedLake, type AskedQuestion, exportedLake } from "./asked_lakes.ts";
import { askEngine, assertRight, newOutcome } from "./engine_run.ts";
import { RUN_ENGINES } from "./engines.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const LAKES = Number(process.env.MP_ENGINE_SLOW_LAKES ?? 4);
const FUNNELS = 12;
const { MP_ENGINE_FIGURES: FIGURES, MP_ENGINES: WANTED } = process.env;

const folder = temporaryFolder();
const lakes: AskedLake[] = [];

before(async () => {
  for (let seed = SEED; seed < SEED + LAKES; seed++) lakes.push(await askJourneys(seed));
}, { timeout: 600_000 });

async function askJourneys(seed: number): Promise<AskedLake> {
  const random = seededRandom(seed);
  const timeZone = random.pick(ZONES);
  const lab = openProgramLab({}, undefined, timeZone);
  try {
    const events = randomJourneys(random).map(({ event, properties: { time, distinct_id, ...properties } }) => ({
      name: event,
      timeMs: time,
      distinctId: distinct_id,
      properties,
    }));
    const { lake } = await exportedLake(lab, { folder, seed, events });
    const questions: AskedQuestion[] = [];
    for (let number = 0; number < FUNNELS; number++) {
      const bookmark = writeBookmark(number % 3 === 2 ? randomRetentionReport(random) : randomFunnel(random));
      const told = `seed ${seed}, question ${number}, ${timeZone}`;
      questions.push(await answered(lab, `${told}: ${JSON.stringify(bookmark)}`, "insights", { bookmark }));
      if (number % 3 !== 2) continue;
      const path = `retention?${randomRetention(random)}`;
      questions.push(await answered(lab, `${told}: ${path}`, path));
    }
    return { lake, timeZone, questions };
  } finally {
    await lab.stop();
  }
}

async function answered({ url }: ProgramLab, told: string, path: string, body?: unknown): Promise<AskedQuestion> {
  const address = new URL(`/api/query/${path}`, url);
  const init = body === undefined ? {} : { method: "POST", body: JSON.stringify(body) };
  const asked = await askedBy(new Request(address, init));
  address.searchParams.set("project_id", String(SANDBOX.projectId));
  const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
  const response = await fetch(address, { ...init, headers: { authorization } });
  const text = await response.text();
  assert.equal(response.status, 200, `${told}: ${text}`);
  return { told, argv: [], asked, answer: JSON.parse(text) };
}

for (const engine of RUN_ENGINES) {
  if (WANTED !== undefined && !WANTED.split(",").includes(engine.dialect)) continue;
  const start = engine.install();
  describeUnless("reason" in start && start.reason, engine.title, () => {
    it("answers random funnels and retention as the emulator does", { timeout: 3_600_000 }, async () => {
      if ("reason" in start) return;
      const running = await start.start(folder.path("."));
      const begun = performance.now();
      const outcome = newOutcome();
      try {
        for (const lake of lakes) await askEngine(running, engine.dialect, lake, outcome);
      } finally {
        await running.stop();
      }
      const { title, source, dialect } = engine;
      const seconds = (performance.now() - begun) / 1000;
      const refused = Object.fromEntries(outcome.refused);
      const figures = { dialect, title, source, version: running.version, journeys: outcome.equal, refused, seconds };
      if (FIGURES !== undefined) appendFileSync(FIGURES, `${JSON.stringify(figures)}\n`);
      assertRight(outcome);
    });
  });
}
