/** When a batch is sent again, and after how long. */
import type { Backoff, RetryRule } from "../../client/attempts.ts";
import { PASSING_FAULTS } from "../../client/network_errors.ts";
import type { MpError } from "../../errors.ts";

/**
 * Mixpanel's advice for importing: wait 2 s, then twice as long each time up to 60 s, and 1 to 5 s of chance besides. All
 * tries together take more than five minutes, which a quota of a rolling minute needs; so a server that asks for less than
 * that waits longer than it asked for.
 */
const BACKOFF: Backoff = { firstMs: 2_000, mostMs: 60_000, jitter: 0, extraMs: [1_000, 5_000] };
const ATTEMPTS = 10;

const PASSING_STATUSES: ReadonlySet<number | undefined> = new Set([408, 429, 500, 502, 503, 504]);
const OVERLOADED_STATUSES: ReadonlySet<number> = new Set([429, 503]);
const TIMEOUTS: ReadonlySet<string> = new Set(["first_byte_timeout", "idle_timeout", "too_slow"]);

const PASSING_ANSWER: RetryRule = {
  matches: ({ status }) => PASSING_STATUSES.has(status),
  attempts: ATTEMPTS,
  backoff: BACKOFF,
  retryAfter: { mostMs: 15 * 60_000, isLeast: true },
};

export const RESEND_RULES: readonly RetryRule[] = [
  // A request that was turned away at the door has not been executed.
  { ...PASSING_ANSWER, matches: ({ status }) => status === 429, isUnexecuted: true },
  PASSING_ANSWER,
  {
    matches: ({ status, category, code }) =>
      status === undefined && category === "network" && (PASSING_FAULTS.has(code) || TIMEOUTS.has(code)),
    attempts: ATTEMPTS,
    attemptsUnanswered: 3,
    backoff: BACKOFF,
  },
];

/** Whether an error says that there are too many requests at once. */
export function isOverload(error: MpError): boolean {
  return error.status === undefined ? TIMEOUTS.has(error.code) : OVERLOADED_STATUSES.has(error.status);
}

/** Why a batch waits, in a few words. */
export function waitReason(error: MpError): string {
  if (error.status === 429) return "rate limited";
  return error.status === undefined ? "no connection" : `the server answered ${error.status}`;
}
