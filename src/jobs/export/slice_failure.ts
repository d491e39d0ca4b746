/** What to do about a slice that did not come whole: a pure decision. */
import { MpError } from "../../errors.ts";
import { addDays } from "./days.ts";
import { isoDay } from "../../streams/iso_time.ts";

export type Verdict =
  /** The same would happen to every slice. */
  | { kind: "stop"; error: unknown }
  /** The project's today is earlier than the slice's last day. */
  | { kind: "future" }
  /** Nothing is wrong with the slice; it has to wait. */
  | { kind: "wait"; delayMs: number; reason: string }
  /** `halve`: fewer days at a time may help. */
  | { kind: "again"; delayMs: number; reason: string; halve: boolean }
  /** This slice is given up, the others are not. */
  | { kind: "give_up" };

export interface SliceHistory {
  /** Failures so far, this one included, without waits. */
  tries: number;
  /** Waits for a quota so far. */
  waits: number;
  /** Whether any slice of this export has come. */
  hasWorked: boolean;
  nowMs: number;
  /** In [0, 1). */
  random: number;
}

export const MOST_TRIES = 6;
const MOST_WAITS = 40;
const TRIES_BEFORE_HALVES = 2;
/** What has never been an export will not become one. */
const MOST_TRIES_OF_OTHERS = 2;
const BASE_DELAY_MS = 1000;
const DELAY_GROWTH = 3;
const MOST_DELAY_MS = 120_000;
const BASE_WAIT_MS = 30_000;
const MOST_WAIT_MS = 600_000;

/** Faults of the network that no repetition mends. */
const LASTING = /^(certificate_|proxy_refused$|proxy_auth$)/;
/** Failures that say nothing about how much was asked for. */
const UNRELATED_TO_SIZE: ReadonlySet<string> = new Set([
  "refused",
  "unreachable",
  "lookup_failed",
  "unknown_host",
  "connect_timeout",
  "http_503",
]);

export function judge(error: unknown, history: SliceHistory): Verdict {
  if (!(error instanceof MpError)) return { kind: "stop", error };
  switch (error.category) {
    case "rate_limited":
      return waitOrStop(error, history);
    case "network":
      if (LASTING.test(error.code)) return { kind: "stop", error };
      if (error.code === "unknown_host" && !history.hasWorked) return { kind: "stop", error };
      return againOrGiveUp(error, history);
    case "server":
      if (error.status !== undefined && error.status > 200 && error.status < 400) return { kind: "stop", error };
      if (error.code === "not_an_export" && !history.hasWorked && history.tries >= MOST_TRIES_OF_OTHERS) {
        return { kind: "stop", error };
      }
      return againOrGiveUp(error, history);
    default:
      if (error.code === "future_date") return { kind: "future" };
      return { kind: "stop", error: error.code === "history_limit" ? withEarliestDay(error, history.nowMs) : error };
  }
}

function waitOrStop(error: MpError, { waits, random }: SliceHistory): Verdict {
  if (waits > MOST_WAITS) return { kind: "stop", error };
  const asked = error.retryAfterSeconds;
  const own = Math.min(MOST_WAIT_MS, BASE_WAIT_MS * 2 ** (waits - 1));
  // Many that were turned away together do not come back together.
  const delayMs = asked === undefined ? own * (0.5 + random / 2) : asked * 1000 + random * 500;
  return { kind: "wait", delayMs: Math.round(delayMs), reason: "rate limited" };
}

function againOrGiveUp(error: MpError, { tries, random }: SliceHistory): Verdict {
  if (tries >= MOST_TRIES) return { kind: "give_up" };
  const full = Math.min(MOST_DELAY_MS, BASE_DELAY_MS * DELAY_GROWTH ** (tries - 1));
  return {
    kind: "again",
    delayMs: Math.round(full * (0.5 + random / 2)),
    reason: error.status === undefined ? error.code.replaceAll("_", " ") : String(error.status),
    halve: tries >= TRIES_BEFORE_HALVES && !UNRELATED_TO_SIZE.has(error.code),
  };
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
