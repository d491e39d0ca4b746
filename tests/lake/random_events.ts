/** Random events of a few people, days and kinds. */
import type { Random } from "../helpers/random.ts";
import { NOW_MS } from "../helpers/world.ts";

export const DAY_SECONDS = 86_400;
export const NAMES = ["View", 'Add to "cart"', "Käufe"];
const PLANS = ["free", "pro", "naïve", "back\\slash"];
const MIXED = ["a", "7", 7, 2.5, true, false, ["a", "b"], { x: 1 }, ""];

export interface SentEvent {
  event: string;
  properties: {
    time: number;
    distinct_id: string;
    $insert_id: string;
    plan?: string;
    amount?: number;
    mixed?: unknown;
  };
}

/** Few times, so that many events share one; some are sent twice, and some share all but one of what tells copies. */
export function randomEvents(random: Random): SentEvent[] {
  const events: SentEvent[] = [];
  const nowSeconds = NOW_MS / 1000;
  for (let index = 0; index < 250; index++) {
    const time = nowSeconds - 60 - random.below(6) * DAY_SECONDS - 3600 * random.below(8);
    const properties: SentEvent["properties"] = { time, distinct_id: `u-${random.below(9)}`, $insert_id: `i-${index}` };
    if (random.chance(0.8)) properties.plan = random.pick(PLANS);
    if (random.chance(0.8)) properties.amount = random.pick([1, 2.5, 40, 0.125, -3]);
    if (random.chance(0.5)) properties.mixed = random.pick(MIXED);
    events.push({ event: random.pick(NAMES), properties });
    if (!random.chance(0.15)) continue;
    const { event, properties: first } = random.pick(events);
    events.push({
      event: random.chance(0.2) ? random.pick(NAMES) : event,
      properties: {
        ...first,
        plan: random.pick(PLANS),
        ...(random.chance(0.2) && { distinct_id: `u-${random.below(9)}` }),
        ...(random.chance(0.2) && { $insert_id: `j-${index}` }),
      },
    });
  }
  return events;
}

/** The events without the earlier ones of copies. */
export function distinct(events: readonly SentEvent[]): SentEvent[] {
  const keyOf = ({ event, properties: { time, distinct_id, $insert_id } }: SentEvent) =>
    JSON.stringify([event, time, distinct_id, $insert_id]);
  return [...new Map(events.map((event) => [keyOf(event), event])).values()];
}

export const dayOf = (seconds: number): string => new Date(seconds * 1000).toISOString().slice(0, 10);
