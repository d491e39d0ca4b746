/** What to do about a slice that did not come whole. */
import type { Backoff, Failed, RetryDecision, RetryRule } from "../../client/attempts.ts";
import { MpError } from "../../errors.ts";
import { JOB_PATIENCE_MS } from "../patience.ts";
import { addDays } from "./days.ts";
import { isoDay } from "../../streams/iso_time.ts";

export type SliceFailure =
  /** Fewer days at a time may come. */
  | { kind: "halve" }
  /** This slice is given up, the others are not. */
  | { kind: "give_up"; error: MpError }
  /** The project's today is earlier than the slice's last day. */
  | { kind: "future"; error: MpError }
  /** The same would happen to every slice. */
  | { kind: "stop"; error: unknown };

export interface SliceSituation {
  /** Failures of the slice so far, this one included, without waits. */
  failures: number;
  /** Whether any slice of this export has come. */
  hasWorked: boolean;
  mayHalve: boolean;
  nowMs: number;
}

const ATTEMPTS = 6;
const ATTEMPTS_BEFORE_HALVES = 2;
/** The pauses are long enough for a server to recover. */
const BACKOFF: Backoff = { firstMs: 1000, mostMs: 120_000, growth: 3, jitter: 0.5 };

/** Failures that say nothing about how much was asked for. */
const UNRELATED_TO_SIZE: ReadonlySet<string> = new Set([
  "refused",
  "unreachable",
  "lookup_failed",
  "unknown_host",
  "connect_timeout",
  "http_503",
]);

/** "Unanswered" is an export of which no slice has come yet. */
export const SLICE_RULES: readonly RetryRule[] = [
  {
    matches: ({ category }) => category === "rate_limited",
    attempts: 41,
    backoff: { firstMs: 30_000, mostMs: 600_000, jitter: 0.5 },
    retryAfter: { mostMs: JOB_PATIENCE_MS, jitterMs: 500 },
    isWait: true,
  },
  {
    matches: ({ category, code }) => category === "network" && code === "unknown_host",
    attempts: ATTEMPTS,
    attemptsUnanswered: 1,
    backoff: BACKOFF,
  },
  {
    matches: ({ category }) => category === "network",
    attempts: ATTEMPTS,
    backoff: BACKOFF,
  },
  {
    // What has never been an export will not become one.
    matches: ({ category, code }) => category === "server" && code === "not_an_export",
    attempts: ATTEMPTS,
    attemptsUnanswered: 2,
    backoff: BACKOFF,
  },
  {
    // What is stored is the same at every try; only the days that do not have it come in fewer days at a time.
    matches: ({ category, code }) => category === "server" && code === "export_not_an_event",
    attempts: 1,
    backoff: BACKOFF,
  },
  {
    matches: ({ category }) => category === "server",
    attempts: ATTEMPTS,
    backoff: BACKOFF,
  },
];

export function failureReason({ category, status, code }: MpError): string {
  if (category === "rate_limited") return "rate limited";
  return status === undefined ? code.replaceAll("_", " ") : String(status);
}

/** How a slice ends with a failure; undefined when it is tried again. */
export function sliceFailure(
  { error }: Failed,
  { rule, delayMs }: RetryDecision,
  { failures, hasWorked, mayHalve, nowMs }: SliceSituation,
): SliceFailure | undefined {
  if (rule === undefined) {
    if (error.code === "future_date") return { kind: "future", error };
    return { kind: "stop", error: error.code === "history_limit" ? withEarliestDay(error, nowMs) : error };
  }
  if (error.code === "export_not_an_event" && mayHalve) return { kind: "halve" };
  if (delayMs === undefined) {
    const isGeneral = rule.isWait || (!hasWorked && rule.attemptsUnanswered !== undefined);
    return { kind: isGeneral ? "stop" : "give_up", error };
  }
  const mayHelp = !rule.isWait && failures >= ATTEMPTS_BEFORE_HALVES && !UNRELATED_TO_SIZE.has(error.code);
  return mayHelp && mayHalve ? { kind: "halve" } : undefined;
}

/** `Date range exceeds 90 days into the past` says which day would have been allowed. */
function withEarliestDay(error: MpError, nowMs: number): MpError {
  const days = Number(/(\d+) days? into the past/i.exec(error.serverMessage ?? "")?.[1]);
  if (!(days > 0)) return error;
  const earliest = addDays(isoDay(nowMs), -days);
  return new MpError(error.message, {
    ...error,
    category: error.category,
    hint: `the plan keeps ${days} days: begin with --from ${earliest}`,
    cause: error,
  });
}
