/** Random questions of every kind that files can be asked, as they are typed. */
import type { Random } from "../helpers/random.ts";
import { NOW_MS } from "../helpers/world.ts";
import { DAY_SECONDS, dayOf, NAMES } from "./random_events.ts";

/** The columns of people's plans are texts, amounts are numbers, and what is mixed is of any type. */
const PROPERTIES = ["plan", "amount", "mixed"];

type Kind = (random: Random) => string[];

const flag = (random: Random, chance: number, ...words: string[]): string[] => random.chance(chance) ? words : [];

function days(random: Random, from = "--from", to = "--to"): string[] {
  const first = random.below(6);
  const last = random.below(first + 1);
  const day = (before: number) => dayOf(NOW_MS / 1000 - before * DAY_SECONDS);
  return [from, day(first), to, day(last)];
}

function filter(random: Random): string[] {
  return flag(
    random,
    0.4,
    "--where",
    random.pick([
      'properties["amount"] > 2',
      'properties["plan"] == "pro"',
      'defined(properties["mixed"])',
      'properties["mixed"] == 7',
      'not properties["plan"] in ["free", "naïve"]',
    ]),
  );
}

const split = (random: Random): string[] => flag(random, 0.4, "--on", `properties["${random.pick(PROPERTIES)}"]`);
const by = (random: Random): string[] => flag(random, 0.4, "--by", random.pick(PROPERTIES));
const step = (random: Random): string =>
  random.pick(NAMES) + (random.chance(0.3) ? ' where properties["amount"] > 1' : "");
const math = (random: Random): string[] => ["--math", random.pick(["general", "unique", "average"])];

export const KINDS: Readonly<Record<string, Kind>> = {
  events: (random) => ["query", "events", ...NAMES.slice(0, 1 + random.below(3)), ...days(random), ...math(random)],
  segmentation: (random) => [
    ...["query", "segmentation", random.pick(NAMES), ...days(random), ...math(random)],
    ...[...split(random), ...filter(random)],
  ],
  numeric: (random) => ["query", "numeric", random.pick(NAMES), "amount", ...days(random), ...filter(random)],
  sum: (random) => ["query", "sum", random.pick(NAMES), "amount", ...days(random), ...filter(random)],
  average: (random) => ["query", "average", random.pick(NAMES), "amount", ...days(random), ...filter(random)],
  frequency: (random) => [
    ...["query", "frequency", ...days(random), "--unit", "day", "--part", "hour"],
    ...[...flag(random, 0.5, "--event", random.pick(NAMES)), ...filter(random)],
  ],
  active: (random) => ["query", "active", ...flag(random, 0.5, random.pick(NAMES)), ...days(random), "--unit", "day"],
  retention: (random) => [
    ...["query", "retention", random.pick(NAMES), ...flag(random, 0.5, "--event", random.pick(NAMES)), ...days(random)],
    ...["--unit", "day", "--interval-count", "3", ...filter(random)],
  ],
  funnel: (random) => [
    ...["query", "funnel", step(random), step(random), ...flag(random, 0.5, step(random)), ...days(random)],
    ...["--within", random.pick(["1h", "1d", "3d"]), ...by(random), ...flag(random, 0.2, "--math", "total")],
  ],
  flows: (random) => [
    ...["query", "flows", "--from", random.pick(NAMES), "--steps", "2", ...days(random, "--since", "--until")],
    ...flag(random, 0.3, "--shape", "paths"),
  ],
  insights: (random) => [
    ...["query", "insights", "--event", step(random), "--math", random.pick(["total", "unique", "total:amount"])],
    ...[...by(random), ...days(random)],
  ],
  top: () => ["events", "properties", NAMES[0]!],
  values: (random) => ["events", "values", random.pick(NAMES), random.pick(["plan", "amount"])],
};
