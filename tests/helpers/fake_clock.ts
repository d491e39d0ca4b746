import type { Clock } from "../../src/runtime/clock.ts";

/** A clock for tests: sleeping takes no time, and moves it forward. */
export interface FakeClock extends Clock {
  /** Every sleep so far, in milliseconds. */
  readonly sleeps: number[];
  advance(milliseconds: number): void;
}

/** `random` is what `random()` returns. */
export function fakeClock(start = Date.UTC(2026, 0, 15, 12, 0, 0), random = 0.5): FakeClock {
  let now = start;
  const sleeps: number[] = [];
  return {
    now: () => now,
    sleep(milliseconds, signal) {
      if (signal?.aborted) return Promise.reject(signal.reason);
      sleeps.push(milliseconds);
      now += milliseconds;
      return Promise.resolve();
    },
    random: () => random,
    sleeps,
    advance: (milliseconds) => void (now += milliseconds),
  };
}
