/** Funnels as `mp query funnel` asks them: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import type { Json } from "../../src/reports/report.ts";
import { seededRandom } from "../helpers/random.ts";
import { JourneysLab, randomJourneys } from "./journeys_lab.ts";
import { ZONES } from "./arbitrary_parts.ts";
import { randomFunnel } from "./random_journeys.ts";

const LABS = Number(process.env.MP_SQL_SEEDS ?? 2);
const QUESTIONS = 20;
it("DuckDB's rows make the emulator's answers to random funnels", { timeout: 600_000 }, async () => {
  const first = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  for (let seed = first; seed < first + LABS; seed++) {
    const random = seededRandom(seed);
    const lab = await JourneysLab.open(randomJourneys(random), random.pick(ZONES));
    try {
      for (let number = 0; number < QUESTIONS; number++) {
        const bookmark = writeBookmark(randomFunnel(random));
        const body: Json = { bookmark, ...(random.chance(0.3) && { queryLimits: { limit: 1 + random.below(4) } }) };
        const { statement, answer } = await lab.computed("/api/query/insights", body);
        const told = `seed ${seed}, funnel ${number}, ${lab.timeZone}: ${JSON.stringify(body)}\n${statement}`;
        assert.deepEqual(answer, await lab.emulated("/api/query/insights", body), told);
      }
    } finally {
      lab.stop();
    }
  }
});
