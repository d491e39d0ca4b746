/** Which failed requests the client sends again by itself. */
import { NetworkFault } from "../runtime/network/network_fault.ts";
import type { MpError } from "../errors.ts";
import type { Backoff, RetryRule } from "./attempts.ts";
import { isPassing } from "./network_errors.ts";

const ATTEMPTS = 5;
/** With full jitter: clients that failed together do not come back together. */
const BACKOFF: Backoff = { firstMs: 1000, mostMs: 60_000, jitter: 1 };
const PASSING_STATUSES: ReadonlySet<number | undefined> = new Set([500, 502, 503, 504]);

/** A request that was turned away at the door has not been executed. */
const TURNED_AWAY: RetryRule = {
  matches: ({ status }) => status === 429,
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  retryAfter: {},
  isUnexecuted: true,
};
const OTHERS: readonly RetryRule[] = [
  {
    matches: ({ status }) => PASSING_STATUSES.has(status),
    attempts: ATTEMPTS,
    backoff: BACKOFF,
    retryAfter: {},
  },
  { matches: (error) => passes(error, { sent: false }), attempts: ATTEMPTS, backoff: BACKOFF, isUnexecuted: true },
  { matches: (error) => passes(error, { sent: true }), attempts: ATTEMPTS, backoff: BACKOFF },
];

export const REQUEST_RULES: readonly RetryRule[] = [TURNED_AWAY, ...OTHERS];

/** For a caller who waits for a quota as long as patience lasts, however often the server turns the request away. */
export const PATIENT_RULES: readonly RetryRule[] = [{ ...TURNED_AWAY, attempts: Infinity, isWait: true }, ...OTHERS];

function passes({ cause }: MpError, { sent }: { sent: boolean }): boolean {
  return cause instanceof NetworkFault && isPassing(cause) && cause.sent === sent;
}

const SHORTEST_RETRY_AFTER_MS = 1000;
/** A server that asks for more does not mean it, or is not understood. */
const LONGEST_RETRY_AFTER_MS = 366 * 86_400_000;

/**
 * Milliseconds of a `Retry-After` header: whole seconds or a date. Undefined when it says nothing usable, as zero or a
 * time that is over: coming back at once is what has just failed.
 */
export function parseRetryAfterMs(value: string | null, now: number): number | undefined {
  if (value === null) return undefined;
  const text = value.trim();
  const isSeconds = /^\d+(\.\d+)?$/.test(text);
  const date = !isSeconds && /[A-Za-z]{3}/.test(text) ? Date.parse(text) : NaN;
  const waitMs = isSeconds ? Math.ceil(Number(text) * 1000) : date - now;
  // What is less than a second says no more than 0 does.
  return waitMs >= SHORTEST_RETRY_AFTER_MS ? Math.min(waitMs, LONGEST_RETRY_AFTER_MS) : undefined;
}
