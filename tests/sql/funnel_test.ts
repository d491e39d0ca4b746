/** Funnels as `mp query funnel` asks them: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import type { FunnelReport, Json } from "../../src/reports/report.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { CONDITIONS, property, randomBreakdowns, randomConditions, ZONES } from "./arbitrary_parts.ts";
import { dayOf, DAYS, JourneysLab, NAMES, randomJourneys } from "./journeys_lab.ts";

const LABS = Number(process.env.MP_SQL_SEEDS ?? 2);
const QUESTIONS = 30;
function randomFunnel(random: Random): FunnelReport {
  const count = 2 + random.below(3);
  const event = () => random.chance(0.1) ? "$all_events" : random.pick(NAMES);
  const steps = Array.from({ length: count }, () => {
    const filter = randomConditions(random);
    return { event: event(), ...(filter !== undefined && { filter }) };
  });
  const exclusions = Array.from({ length: random.pick([0, 0, 0, 1, 2]) }, () => {
    const from = 1 + random.below(count - 1);
    return { event: random.pick(NAMES), from, to: from + 1 + random.below(count - from) };
  });
  const math = random.pick(["conversion_rate_unique", "unique", "total", "conversion_rate_session"]);
  const isOfSessions = math === "conversion_rate_session" || random.chance(0.2);
  const first = random.below(DAYS);
  const breakdowns = randomBreakdowns(random);
  const filter = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : undefined;
  return {
    kind: "funnel",
    steps,
    order: random.pick(["loose", "loose", "any"]),
    window: isOfSessions
      ? { length: 1 + random.below(2), unit: "session" }
      : random.pick([{ length: 3, unit: "second" }, { length: 1, unit: "hour" }, { length: 30, unit: "hour" }, {
        length: 1,
        unit: "week",
      }]),
    math,
    exclusions,
    holdingConstant: random.pick([[], [], ["plan"], ["plan", "amount"]]).map(property),
    ...(random.chance(0.3) && { reentry: random.pick(["default", "optimized"]) }),
    range: { from: dayOf(first), to: dayOf(first + random.below(DAYS - first)) },
    unit: random.pick(["hour", "day", "day", "week", "month", "hour_of_day", "day_of_week"]),
    chart: random.pick(["funnel-steps", "line"]),
    ...(breakdowns !== undefined && { breakdowns }),
    ...(filter !== undefined && { filter }),
  };
}

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
