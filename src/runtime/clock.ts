/** Time, pauses and chance: whatever depends on them takes a clock, so that tests decide what it says. */

export interface Clock {
  /** Milliseconds since 1970-01-01T00:00:00Z. */
  now(): number;
  /**
   * Resolves after so many milliseconds. When the signal is aborted, before or during the pause, it rejects at once with
   * the signal's reason.
   */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
  /** In [0, 1). */
  random(): number;
}

/** The longest time that a timer can be set to: beyond 2^31 ms, 24.8 days, it would ring at once. */
export const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Whether a promise is settled within so many milliseconds of real time, in whichever way. */
export async function settlesWithin(promise: Promise<unknown>, milliseconds: number): Promise<boolean> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const isLate = new Promise<false>((resolve) => timer = setTimeout(() => resolve(false), milliseconds));
  // expected: a failure of the promise, which is for whoever awaits its value
  const isSettled = promise.then(() => true, () => true);
  return await Promise.race([isSettled, isLate]).finally(() => clearTimeout(timer));
}

export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  async sleep(milliseconds, signal) {
    const untilMs = Date.now() + milliseconds;
    for (let leftMs = milliseconds;; leftMs = untilMs - Date.now()) {
      await pause(Math.min(leftMs, LONGEST_TIMER_MS), signal);
      if (leftMs <= LONGEST_TIMER_MS) return;
    }
  },
};

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const stop = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, milliseconds);
    signal?.addEventListener("abort", stop, { once: true });
  });
}
