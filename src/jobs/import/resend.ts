/** When a batch is sent again, and after how long: a pure function. */
import type { MpError } from "../../errors.ts";

/** What came before. */
export interface ResendState {
  /** How often the batch has been sent. */
  tries: number;
  /** Whether the server has answered anything to this import: then it is there, and worth waiting for. */
  hasAnswered: boolean;
  /** In [0, 1). */
  random: number;
}

/**
 * Mixpanel's advice for importing: wait 2 s, then twice as long each time up to 60 s, and 1 to 5 s of chance besides. All
 * tries together take more than five minutes, which a quota of a rolling minute needs; so a server that asks for less than
 * that waits longer than it asked for.
 */
const FIRST_WAIT_MS = 2_000;
const LONGEST_WAIT_MS = 60_000;
const LEAST_CHANCE_MS = 1_000;
const MOST_CHANCE_MS = 5_000;
const MAX_TRIES = 10;
/** A server that has never answered is more likely not to be there. */
const MAX_FIRST_TRIES = 3;
const LONGEST_ASKED_MS = 15 * 60_000;

const PASSING_STATUSES: ReadonlySet<number> = new Set([408, 429, 500, 502, 503, 504]);
const OVERLOADED_STATUSES: ReadonlySet<number> = new Set([429, 503]);
const TIMEOUTS: ReadonlySet<string> = new Set(["first_byte_timeout", "idle_timeout"]);
const PASSING_FAULTS: ReadonlySet<string> = new Set([
  "lookup_failed",
  "refused",
  "unreachable",
  "reset",
  "cut",
  "connect_timeout",
  ...TIMEOUTS,
]);

/** Milliseconds until a batch is sent again; undefined when that would not help, or has been tried often enough. */
export function resendDelayMs(error: MpError, { tries, hasAnswered, random }: ResendState): number | undefined {
  const { status, retryAfterSeconds } = error;
  const passes = status === undefined
    ? error.category === "network" && PASSING_FAULTS.has(error.code)
    : PASSING_STATUSES.has(status);
  const most = hasAnswered || status !== undefined ? MAX_TRIES : MAX_FIRST_TRIES;
  if (!passes || tries >= most) return undefined;
  const askedMs = (retryAfterSeconds ?? 0) * 1000;
  if (askedMs > LONGEST_ASKED_MS) return undefined;
  const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (tries - 1));
  return Math.max(askedMs, Math.round(waitMs + LEAST_CHANCE_MS + random * (MOST_CHANCE_MS - LEAST_CHANCE_MS)));
}

/** Whether an error says that there are too many requests at once. */
export function isOverload(error: MpError): boolean {
  return error.status === undefined ? TIMEOUTS.has(error.code) : OVERLOADED_STATUSES.has(error.status);
}

/** Why a batch waits, in a few words. */
export function waitReason(error: MpError): string {
  if (error.status === 429) return "rate limited";
  return error.status === undefined ? "no connection" : `the server answered ${error.status}`;
}
