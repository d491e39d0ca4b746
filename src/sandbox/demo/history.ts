/** Events of the quarter before the demo's data, for somebody to import. */
import type { DemoOptions } from "./demo_data.ts";
import { DAY_SECONDS, dayStart } from "./rhythm.ts";
import { simulate } from "./simulation.ts";
import type { DemoEvent } from "./visit.ts";

const HISTORY_DAYS = 91;
/** Far from the numbers of the demo's own customers: these are of the shop's former site. */
const FIRST_CUSTOMER_NUMBER = 500_001;

/**
 * About `events` (default 5,000) events of the 91 days before the demo's first day, ordered by time. `endDay` and
 * `days` are those of the demo. The people in them are others than the demo's: those of the shop's former site.
 */
export function* historicalEvents(options: DemoOptions): Generator<DemoEvent, void> {
  yield* simulate({
    firstSecond: dayStart(options.endDay) - ((options.days ?? 60) - 1 + HISTORY_DAYS) * DAY_SECONDS,
    days: HISTORY_DAYS,
    events: options.events ?? 5000,
    seed: (options.seed ?? 1) ^ 0x5eed,
    firstCustomerNumber: FIRST_CUSTOMER_NUMBER,
  });
}

/** The same as JSON Lines, each line with its line end. */
export function* historicalLines(options: DemoOptions): Generator<string, void> {
  for (const event of historicalEvents(options)) yield JSON.stringify(event) + "\n";
}
