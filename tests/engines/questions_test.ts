/**
 * Real engines run the statements of random questions: `npm run test:engines`. The emulator's answer is that of the files, of
 * somebody who looks at each event again, and of every engine.
 */
import { appendFileSync } from "node:fs";
import process from "node:process";
import { it } from "node:test";
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
const lakes: Promise<AskedLake>[] = [];
/** One after the other, by whoever needs it first. */
const lakeOf = (index: number): Promise<AskedLake> => lakes[index] ??= askLake(folder, SEED + index, QUESTIONS);

for (const engine of RUN_ENGINES) {
  if (WANTED !== undefined && !WANTED.split(",").includes(engine.dialect)) continue;
  const start = engine.install();
  describeUnless("reason" in start && start.reason, engine.title, () => {
    it(
      "answers random questions as the emulator, the files and a slow computation do",
      { timeout: 3_600_000 },
      async () => {
        if ("reason" in start) return;
        const running = await start.start(folder.path("."));
        const outcome = newOutcome();
        try {
          const count = SLOW.has(engine.dialect) ? Math.min(SLOW_LAKES, LAKES) : LAKES;
          for (let index = 0; index < count; index++) {
            await askEngine(running, engine.dialect, await lakeOf(index), outcome);
          }
        } finally {
          await running.stop();
        }
        const { seconds } = outcome;
        const { title, source, dialect } = engine;
        const refused = Object.fromEntries(outcome.refused);
        const line = { dialect, title, source, version: running.version, equal: outcome.equal, refused, seconds };
        if (FIGURES !== undefined) appendFileSync(FIGURES, `${JSON.stringify(line)}\n`);
        assertRight(outcome);
      },
    );
  });
}
