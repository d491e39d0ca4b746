/** Insights as `mp query insights` asks it: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import type { InsightsReport, Measure, Metric } from "../../src/reports/report.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { CONDITIONS, randomBreakdowns, randomConditions, ZONES } from "./arbitrary_parts.ts";
import { dayOf, DAYS, JourneysLab, NAMES, randomJourneys } from "./journeys_lab.ts";

const LABS = Number(process.env.MP_SQL_SEEDS ?? 2);
const QUESTIONS = 40;

function randomMeasure(random: Random): Measure {
  const property = {
    name: random.pick(["amount", "amount", "plan", "missing"]),
    source: "events",
    type: "number",
  } as const;
  const math = random.pick(["total", "unique", "total", "average", "min", "max"]);
  const isOfProperty = math !== "unique" && (math !== "total" || random.chance(0.4));
  return {
    math,
    ...(isOfProperty && { property }),
    ...(random.chance(0.1) && { cumulative: true as const }),
    ...(random.chance(0.1) && { rolling: 2 }),
  };
}

function moreMetrics(random: Random): Metric[] {
  const one: Metric = {
    kind: "event",
    of: { type: "event", event: random.pick(NAMES) },
    measure: randomMeasure(random),
    ...(random.chance(0.3) && { hidden: true as const }),
  };
  if (one.measure.cumulative) delete one.measure.rolling;
  const together: Metric = {
    kind: "event",
    of: { type: "events", name: "Any of two", events: NAMES.slice(0, 2).map((event) => ({ event })) },
    measure: { math: random.pick(["total", "unique"]) },
  };
  const formula: Metric = { kind: "formula", definition: random.pick(["A / B", "B - A * 2", "(A + B) / 2"]) };
  return [random.pick([one, together]), ...random.chance(0.5) ? [formula] : []];
}

function randomReport(random: Random): InsightsReport {
  const first = random.below(DAYS);
  const breakdowns = randomBreakdowns(random);
  const conditions = randomConditions(random);
  const filter = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : undefined;
  const measure = randomMeasure(random);
  if (measure.cumulative) delete measure.rolling;
  return {
    kind: "insights",
    metrics: [
      {
        kind: "event",
        of: { type: "event", event: random.chance(0.2) ? "$all_events" : random.pick(NAMES) },
        measure,
        ...(conditions !== undefined && { filter: conditions }),
        ...(random.chance(0.2) && { name: "My name" }),
      },
      ...random.chance(0.4) ? moreMetrics(random) : [],
    ],
    analysis: { kind: "linear" },
    range: { from: dayOf(first), to: dayOf(first + random.below(DAYS - first)) },
    unit: random.pick(["hour", "day", "day", "week", "month", "quarter", "year"]),
    chart: random.pick(["line", "bar", "table", "column"]),
    ...(breakdowns !== undefined && { breakdowns }),
    ...(filter !== undefined && { filter }),
  };
}

it("DuckDB's rows make the emulator's answers to random insights", { timeout: 300_000 }, async () => {
  const firstSeed = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  for (let seed = firstSeed; seed < firstSeed + LABS; seed++) {
    const random = seededRandom(seed);
    const lab = await JourneysLab.open(randomJourneys(random), random.pick(ZONES));
    try {
      for (let count = 0; count < QUESTIONS; count++) {
        const body = {
          bookmark: writeBookmark(randomReport(random)),
          ...(random.chance(0.3) && { queryLimits: { limit: 1 + random.below(3) } }),
        };
        const told = `seed ${seed}, ${lab.timeZone}: ${JSON.stringify(body)}`;
        const { answer, statement } = await lab.computed("/api/query/insights", body).catch((error) => {
          throw new Error(told, { cause: error });
        });
        assert.deepEqual(
          rounded(answer),
          rounded(await lab.emulated("/api/query/insights", body)),
          `${told}\n${statement}`,
        );
      }
    } finally {
      lab.stop();
    }
  }
});

/** Sums depend on the order in which numbers are added. */
function rounded(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value), (_, one) => typeof one === "number" ? Number(one.toPrecision(12)) : one);
}
