/** Retention as `mp query retention` asks it: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import type { Json, RetentionReport } from "../../src/reports/report.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import { CONDITIONS, randomBreakdowns, randomConditions, ZONES } from "./arbitrary_parts.ts";
import { dayOf, DAYS, JourneysLab, NAMES, randomJourneys } from "./journeys_lab.ts";

const LABS = Number(process.env.MP_SQL_SEEDS ?? 2);
const QUESTIONS = 25;
function randomPlain(random: Random): URLSearchParams {
  const first = random.below(DAYS);
  const kind = random.pick(["birth", "birth", "compounded"]);
  const fields = new URLSearchParams({
    from_date: dayOf(first),
    to_date: dayOf(first + random.below(DAYS - first)),
    retention_type: kind,
    interval_count: String(random.below(5)),
  });
  if (kind === "birth") fields.set("born_event", random.pick(NAMES));
  if (random.chance(0.7)) fields.set("event", random.pick(NAMES));
  if (random.chance(0.3)) fields.set("where", random.pick(CONDITIONS));
  if (random.chance(0.3)) fields.set("born_where", random.pick(CONDITIONS));
  if (random.chance(0.3)) fields.set("interval", String(1 + random.below(3)));
  if (random.chance(0.4)) fields.set("unit", random.pick(["day", "week", "month"]));
  if (random.chance(0.3)) fields.set("unbounded_retention", "true");
  if (random.chance(0.4)) {
    fields.set(
      "on",
      random.pick(['properties["plan"]', 'properties["amount"]', 'properties["ok"]', 'properties["missing"]']),
    );
    if (random.chance(0.4)) fields.set("limit", String(1 + random.below(3)));
  }
  return fields;
}

function randomReport(random: Random): RetentionReport {
  const event = () => {
    const filter = randomConditions(random);
    const event = random.chance(0.2) ? "$all_events" : random.pick(NAMES);
    return { event, ...(filter !== undefined && { filter }) };
  };
  const first = random.below(DAYS);
  const breakdowns = randomBreakdowns(random);
  const filter = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : undefined;
  return {
    kind: "retention",
    birth: event(),
    returning: event(),
    math: random.pick(["retention_rate", "unique", "total", "average"]),
    type: random.pick(["birth", "compounded"]),
    interval: random.pick(["day", "day", "week", "month"]),
    alignment: random.pick(["birth", "interval_start"]),
    unbounded: random.pick(["none", "carry_back", "carry_forward", "consecutive_forward"]),
    ...(random.chance(0.3) && { buckets: random.pick([[1, 3], [2, 5, 6]]) }),
    ...(random.chance(0.2) && { cumulative: true }),
    range: { from: dayOf(first), to: dayOf(first + random.below(DAYS - first)) },
    unit: "day",
    chart: "retention-curve",
    ...(breakdowns !== undefined && { breakdowns }),
    ...(filter !== undefined && { filter }),
  };
}

it("DuckDB's rows make the emulator's answers to random retention", { timeout: 600_000 }, async () => {
  const first = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  for (let seed = first; seed < first + LABS; seed++) {
    const random = seededRandom(seed);
    const lab = await JourneysLab.open(randomJourneys(random), random.pick(ZONES));
    try {
      for (let number = 0; number < QUESTIONS; number++) {
        const path = `/api/query/retention?${randomPlain(random)}`;
        const { statement, answer } = await lab.computed(path);
        assert.deepEqual(answer, await lab.emulated(path), `seed ${seed}, ${lab.timeZone}: ${path}\n${statement}`);
      }
      for (let number = 0; number < QUESTIONS; number++) {
        const body: Json = {
          bookmark: writeBookmark(randomReport(random)),
          ...(random.chance(0.3) && { queryLimits: { limit: 1 + random.below(4) } }),
        };
        const { statement, answer } = await lab.computed("/api/query/insights", body);
        const told = `seed ${seed}, report ${number}, ${lab.timeZone}: ${JSON.stringify(body)}\n${statement}`;
        assert.deepEqual(answer, await lab.emulated("/api/query/insights", body), told);
      }
    } finally {
      lab.stop();
    }
  }
});
