/** Which events of a person are of one session. */
import { dayAt, startOfDayMs } from "../calendar.ts";
import type { PersonOrder } from "../rows/person_order.ts";
import type { SessionRules } from "./funnel_rules.ts";

/** Mixpanel's default, which a project may change. */
const DEFAULT_SESSIONS: SessionRules = { timeoutMs: 30 * 60_000, timeZone: "UTC" };

export class SessionNumbers {
  #numbers = new Uint32Array(0);
  #start = 0;
  #dayStartMs = 0;
  #dayEndMs = 0;

  constructor(private readonly order: PersonOrder, private readonly rules: SessionRules = DEFAULT_SESSIONS) {}

  /** Numbers the sessions of a person's events, whatever the events are. */
  begin(start: number, end: number): void {
    const { timesMs } = this.order;
    if (this.#numbers.length < end - start) this.#numbers = new Uint32Array(2 * (end - start));
    this.#start = start;
    let session = 0;
    for (let at = start; at < end; at++) {
      const timeMs = timesMs[at]!;
      const isSameDay = timeMs >= this.#dayStartMs && timeMs < this.#dayEndMs;
      if (!isSameDay) this.#goToDayOf(timeMs);
      if (at > start && (!isSameDay || timeMs - timesMs[at - 1]! > this.rules.timeoutMs)) session++;
      this.#numbers[at - start] = session;
    }
  }

  of(at: number): number {
    return this.#numbers[at - this.#start]!;
  }

  #goToDayOf(timeMs: number): void {
    const { timeZone } = this.rules;
    const day = dayAt(timeMs, timeZone);
    this.#dayStartMs = startOfDayMs(day, timeZone);
    this.#dayEndMs = startOfDayMs(day.add({ days: 1 }), timeZone);
  }
}
