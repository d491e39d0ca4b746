/** Counts by the clock of a zone whose clocks change: the answer that DuckDB's rows make is the emulator's. */
import assert from "node:assert/strict";
import process from "node:process";
import { it } from "node:test";
import { type Random, seededRandom } from "../helpers/random.ts";
import { CONDITIONS } from "./arbitrary_parts.ts";
import { dayOf, DAYS, JourneysLab, NAMES, randomJourneys } from "./journeys_lab.ts";

const QUESTIONS = Number(process.env.MP_SQL_QUESTIONS ?? 30);
/** Lord Howe's clock changes by half an hour. */
const ZONES = ["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"];

function randomPath(random: Random): string {
  const first = random.below(DAYS);
  const days = { from_date: dayOf(first), to_date: dayOf(first + random.below(DAYS - first)) };
  const event = random.pick(NAMES);
  const type = random.pick(["general", "unique", "average"]);
  const where: Record<string, string> = random.chance(0.3) ? { where: random.pick(CONDITIONS) } : {};
  const split: Record<string, string> = random.chance(0.5) ? { on: 'properties["plan"]' } : {};
  const width = random.pick<Record<string, string>>([
    { unit: "minute" },
    { unit: "hour" },
    { unit: "hour" },
    { unit: "day" },
    { unit: "week" },
    { unit: "month" },
    { interval: "2" },
    { interval: "5" },
  ]);
  const [path, fields] = random.pick(
    [
      ["segmentation", { event, type, ...days, ...where, ...split, ...width }],
      ["segmentation/sum", {
        event,
        on: 'properties["amount"]',
        ...days,
        ...where,
        unit: random.pick(["hour", "day"]),
      }],
      ["events", { event: JSON.stringify(NAMES), type, ...days, unit: random.pick(["day", "week", "month"]) }],
      ["retention/addiction", {
        ...{ ...days, ...where, ...split, ...random.pick([{ event }, {}]) },
        ...random.pick([{ unit: "day", addiction_unit: "hour" }, { unit: "week", addiction_unit: "hour" }]),
      }],
      ["retention/addiction", { ...days, unit: random.pick(["week", "month"]), addiction_unit: "day" }],
    ] as const,
  );
  return `/api/query/${path}?${new URLSearchParams(fields as Record<string, string>)}`;
}

it("DuckDB's rows make the emulator's answers by the clock of a zone", { timeout: 300_000 }, async () => {
  const seed = Number(process.env.MP_SQL_SEED ?? Math.floor(Math.random() * 1e9));
  const random = seededRandom(seed);
  for (const zone of ZONES) {
    const lab = await JourneysLab.open(randomJourneys(random, 40), zone);
    try {
      for (let count = 0; count < QUESTIONS; count++) {
        const path = randomPath(random);
        const { answer, statement } = await lab.computed(path);
        const expected = await lab.emulated(path);
        assert.deepEqual(answer, expected, `seed ${seed}, ${zone}: ${decodeURIComponent(path)}\n${statement}`);
      }
    } finally {
      lab.stop();
    }
  }
});
