/** Retention as `mp query retention` asks it: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { type Random, seededRandom } from "../helpers/random.ts";
import { dayOf, DAYS, JourneysLab, NAMES, randomJourneys } from "./journeys_lab.ts";

const LABS = Number(process.env.MP_SQL_SEEDS ?? 2);
const QUESTIONS = 25;
const ZONES = ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata"];
const CONDITIONS = ['properties["plan"] == "pro"', 'properties["amount"] > 2', 'not properties["ok"]'];

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
    } finally {
      lab.stop();
    }
  }
});
