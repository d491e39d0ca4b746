/** Random events, and what random questions about them are made of. */
import type { AnalyticsEvent } from "../../src/analytics/event.ts";
import type { Random } from "../helpers/random.ts";
import { NOW_MS } from "../helpers/world.ts";
import { randomRow } from "../sql/random_expressions.ts";

export const DAY_MS = 86_400_000;
const DAYS = 36;
export const NAMES = ["View", 'Add to "cart"', "it's", "Käufe\\n"];
/** Clocks are put back in Berlin and in New York. */
const CLOCK_CHANGES = [Date.UTC(2026, 9, 25, 0), Date.UTC(2026, 10, 1, 5)];

export type Body = Record<string, unknown>;

export interface RandomAsk {
  /** Of `mp`. */
  argv: string[];
  /** Compares the answer with what all events give that count. */
  check(body: Body, events: readonly AnalyticsEvent[], timeZone: string): void;
}

/** Events of the last weeks, by the time. No two of one person are of the same moment. */
export function randomEvents(random: Random, count: number): AnalyticsEvent[] {
  const taken = new Set<string>();
  const events: AnalyticsEvent[] = [];
  while (events.length < count) {
    const before = events.length > 0 && random.chance(0.3) ? random.pick(events) : undefined;
    const timeMs = before !== undefined
      ? before.timeMs + random.below(6) * 500
      : random.chance(0.15)
      ? random.pick(CLOCK_CHANGES) + random.below(4 * 3600) * 1000
      : NOW_MS - 60_000 - random.below(DAYS * 24) * 3_600_000 - random.below(3600) * 1000;
    const distinctId = before?.distinctId ?? `u-${random.below(14)}`;
    if (taken.has(`${distinctId} ${timeMs}`)) continue;
    taken.add(`${distinctId} ${timeMs}`);
    const properties = { ...randomRow(random), $insert_id: `i-${events.length}` };
    events.push({ name: random.pick(NAMES), timeMs, distinctId, properties });
  }
  return events.sort((a, b) => a.timeMs - b.timeMs);
}

export interface Condition {
  text: string;
  holds(event: AnalyticsEvent): boolean;
}

export function randomCondition(random: Random, depth = 1): Condition {
  const amount = random.pick([0, 1, 2.5, -2.5]);
  const part = random.pick(["r", "a\\b", "o"]);
  const text = random.pick(["pro", "it's", "a\\b", "naïve"]);
  const count = random.pick([-1, 0, 3, 40]);
  const quoted = (value: string) => JSON.stringify(value);
  const number = (value: unknown): value is number => typeof value === "number";
  const simple: Condition[] = [
    {
      text: `properties["amount"] > ${amount}`,
      holds: ({ properties }) => number(properties.amount) && properties.amount > amount,
    },
    {
      text: `properties["events"] <= ${count}`,
      holds: ({ properties }) => number(properties.events) && properties.events <= count,
    },
    { text: `properties["plan"] == ${quoted(text)}`, holds: ({ properties }) => properties.plan === text },
    {
      text: `${quoted(part)} in properties["plan"]`,
      holds: ({ properties }) => typeof properties.plan === "string" && properties.plan.includes(part),
    },
    {
      text: `properties["plan"] in [${quoted(text)}, "free"]`,
      holds: ({ properties }) => properties.plan === text || properties.plan === "free",
    },
    { text: `properties["vip"] == true`, holds: ({ properties }) => properties.vip === true },
    { text: `defined(properties["plan"])`, holds: ({ properties }) => properties.plan !== undefined },
    { text: `not defined(properties["amount"])`, holds: ({ properties }) => properties.amount === undefined },
  ];
  if (depth === 0 || random.chance(0.6)) return random.pick(simple);
  const [left, right] = [randomCondition(random, depth - 1), randomCondition(random, depth - 1)];
  return random.chance(0.5)
    ? { text: `(${left.text}) and (${right.text})`, holds: (event) => left.holds(event) && right.holds(event) }
    : { text: `(${left.text}) or (${right.text})`, holds: (event) => left.holds(event) || right.holds(event) };
}

export interface Range {
  fromDay: string;
  toDay: string;
}

const dayOf = (timeMs: number): string => new Date(timeMs).toISOString().slice(0, 10);

export function randomRange(random: Random, longest = DAYS): Range {
  // Yesterday is over in every zone.
  const first = 1 + random.below(DAYS - 1);
  const length = random.below(Math.min(first, longest));
  return { fromDay: dayOf(NOW_MS - first * DAY_MS), toDay: dayOf(NOW_MS - (first - length) * DAY_MS) };
}

export const rangeFlags = ({ fromDay, toDay }: Range): string[] => ["--from", fromDay, "--to", toDay, "-f", "json"];

interface Where {
  flags: string[];
  holds(event: AnalyticsEvent): boolean;
}

export function randomWhere(
  random: Random,
  { flag = "--where", chance = 0.5, depth = 1 }: { flag?: string; chance?: number; depth?: number } = {},
): Where {
  if (!random.chance(chance)) return { flags: [], holds: () => true };
  const { text, holds } = randomCondition(random, depth);
  return { flags: [flag, text], holds };
}

export const PROPERTIES = ["plan", 'Größe "cm"', "amount", "events", "vip"];
export const propertyText = (name: string): string => `properties[${JSON.stringify(name)}]`;
