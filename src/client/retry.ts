/** When to try again, and after how long: a pure function. */

/** Why an attempt failed. */
export type Failure =
  | { kind: "status"; status: number; retryAfterMs?: number }
  /** `sent` is false when the server surely has not seen the request; `passing` when it may work in a moment. */
  | { kind: "connection"; sent: boolean; passing: boolean };

export interface RetryState {
  /** How many attempts have failed, this one included; where the caller waits for a quota, those alike. */
  attempts: number;
  /** Time spent on waiting so far. */
  waitedMs: number;
  /** How long to wait in all when the server says when to come back. */
  patienceMs: number;
  /** Whether the caller waits for a quota as long as patience lasts, however often the server turns it away. */
  waitsForQuota?: boolean;
  /** Whether sending the request twice does no harm. */
  repeatable: boolean;
  /** In [0, 1). */
  random: number;
}

export const MAX_ATTEMPTS = 5;
const BASE_DELAY_MS = 1000;
const MAX_DELAY_MS = 60_000;
const PASSING_STATUSES: ReadonlySet<number> = new Set([500, 502, 503, 504]);

/** Whether the server turned a request away because of a limit. */
export function isTurnedAway(failure: Failure): boolean {
  return failure.kind === "status" && failure.status === 429;
}

/** Milliseconds until the next attempt, or undefined when there is none. */
export function retryDelayMs(failure: Failure, state: RetryState): number | undefined {
  const waits = state.waitsForQuota === true && isTurnedAway(failure);
  if ((!waits && state.attempts >= MAX_ATTEMPTS) || !mayRepeat(failure, state.repeatable)) return undefined;
  const patienceLeftMs = state.patienceMs - state.waitedMs;
  const asked = failure.kind === "status" ? failure.retryAfterMs : undefined;
  if (asked !== undefined) return asked <= patienceLeftMs ? asked : undefined;
  // Full jitter: clients that failed together do not come back together.
  const delayMs = Math.round(state.random * Math.min(MAX_DELAY_MS, BASE_DELAY_MS * 2 ** (state.attempts - 1)));
  return waits && delayMs > patienceLeftMs ? undefined : delayMs;
}

function mayRepeat(failure: Failure, repeatable: boolean): boolean {
  if (failure.kind === "connection") return failure.passing && (repeatable || !failure.sent);
  // A request that was turned away at the door has not been executed.
  return isTurnedAway(failure) || (repeatable && PASSING_STATUSES.has(failure.status));
}

/** Milliseconds of a `Retry-After` header: whole seconds or a date. Undefined when it says nothing usable. */
export function parseRetryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.ceil(Number(text) * 1000);
  const date = /[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}
