/**
 * Real engines run the statements of random questions: `npm run test:engines`. The emulator's answer is that of the files, of
 * somebody who looks at each event again, and of every engine.
 */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { before, it } from "node:test";
import { describeUnless } from "../helpers/needs.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { type AskedLake, askLake } from "./asked_lakes.ts";
import { askEngine, assertRight, newOutcome } from "./engine_run.ts";
import type { EngineName } from "../../src/sql/dialect.ts";
import { RUN_ENGINES } from "./engines.ts";

const SEED = Number(process.env.MP_ENGINE_SEED ?? Math.floor(Math.random() * 1e6));
const LAKES = Number(process.env.MP_ENGINE_LAKES ?? 20);
const QUESTIONS = 15;
/** Of which a slow engine is asked some. */
const SLOW_LAKES = Number(process.env.MP_ENGINE_SLOW_LAKES ?? 4);
const SLOW: ReadonlySet<EngineName> = new Set(["spark", "trino", "postgres"]);
/** Lines with the figures of each engine, for the docs. */
const { MP_ENGINE_FIGURES: FIGURES, MP_ENGINES: WANTED } = process.env;

const folder = temporaryFolder();
const lakes: AskedLake[] = [];

before(async () => {
  for (let seed = SEED; seed < SEED + LAKES; seed++) lakes.push(await askLake(folder, seed, QUESTIONS));
}, { timeout: 600_000 });

for (const engine of RUN_ENGINES) {
  if (WANTED !== undefined && !WANTED.split(",").includes(engine.dialect)) continue;
  const start = engine.install();
  describeUnless("reason" in start && start.reason, engine.title, () => {
    it(
      "answers random questions as the emulator, the files and a slow computation do",
      { timeout: 900_000 },
      async () => {
        if ("reason" in start) return;
        const running = await start.start(folder.path("."));
        const begun = performance.now();
        const outcome = newOutcome();
        try {
          for (const lake of SLOW.has(engine.dialect) ? lakes.slice(0, SLOW_LAKES) : lakes) {
            await askEngine(running, engine.dialect, lake, outcome);
          }
        } finally {
          await running.stop();
        }
        const seconds = (performance.now() - begun) / 1000;
        const { title, source, dialect } = engine;
        const refused = Object.fromEntries(outcome.refused);
        const line = { dialect, title, source, version: running.version, equal: outcome.equal, refused, seconds };
        if (FIGURES !== undefined) appendFileSync(FIGURES, `${JSON.stringify(line)}\n`);
        assertRight(outcome);
      },
    );
  });
}
