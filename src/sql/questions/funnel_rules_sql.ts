/** A funnel as its SQL needs it: the rules of `src/analytics/funnels`, with conditions as expressions of a statement. */
import type { FunnelCounting, SessionRules } from "../../analytics/funnels/funnel_rules.ts";
import type { SqlTime } from "../dialect.ts";

/** Conditions are on the columns of the part `from`, and are true, false or NULL. */
export interface SqlFunnel {
  /** The part that has each event once. */
  from: string;
  time: SqlTime;
  /** NULL for the events of nobody. */
  person: string;
  /** What decides between events of one person and moment, in this order. */
  ties: readonly string[];
  steps: readonly SqlFunnelStep[];
  exclusions: readonly SqlExclusion[];
  /** Values that must stay those of the first step; none of them may be NULL there. */
  held: readonly string[];
  /** By what the first steps are split, the first level first; never NULL. */
  segments: readonly string[];
  /** When people may enter: the first millisecond, and the first one after. */
  startMs: number;
  endMs: number;
  windowMs: number;
  windowSessions?: number;
  counting: FunnelCounting;
  reentersOptimally: boolean;
  sessions: SessionRules;
}

export interface SqlFunnelStep {
  condition: string;
  /** May be done in any order with the steps of this kind beside it. */
  inAnyOrder: boolean;
}

export interface SqlExclusion {
  condition: string;
  /** Positions of the steps between which it counts. */
  after: number;
  before: number;
}

/** Events so far apart count as simultaneous. */
export const GRACE_MS = 2000;

/** Above all places and times: the least of them where there is none. It can be written in all engines and in JavaScript. */
export const NONE = String(Number.MAX_SAFE_INTEGER);

/** For so many steps done, the first and the last step of which one has to come next. */
export function openStepsOf(
  steps: readonly Pick<SqlFunnelStep, "inAnyOrder">[],
): (readonly [first: number, last: number])[] {
  return steps.map(({ inAnyOrder }, count) => {
    let [first, last] = [count, count];
    if (inAnyOrder) {
      while (steps[first - 1]?.inAnyOrder) first--;
      while (steps[last + 1]?.inAnyOrder) last++;
    }
    return [first, last] as const;
  });
}

/** How the counted attempts of a person are found. */
export interface FunnelMode {
  /** Numbers of sessions are needed. */
  hasSessions: boolean;
  /** An attempt begins when the one before it has ended, which takes a recursive part. */
  isChain: boolean;
  /** Which levels of the split an attempt counts in is known by the columns `counts_0`, `counts_1` …: 0 is without a split. */
  hasTurns: boolean;
  /** Which entries count is known before they are followed. */
  isKnownBefore: boolean;
}

export function modeOf(
  funnel: Pick<SqlFunnel, "counting" | "windowSessions" | "reentersOptimally" | "segments" | "held">,
): FunnelMode {
  const { counting, windowSessions, reentersOptimally, segments, held } = funnel;
  const hasSessions = counting === "sessions" || windowSessions !== undefined;
  const isSplit = segments.length > 0;
  if (reentersOptimally) return { hasSessions, isChain: false, hasTurns: counting !== "totals", isKnownBefore: false };
  if (counting === "sessions") return { hasSessions, isChain: false, hasTurns: false, isKnownBefore: true };
  if (counting === "totals") return { hasSessions, isChain: true, hasTurns: false, isKnownBefore: false };
  const isChain = isSplit && held.length === 0;
  return { hasSessions, isChain, hasTurns: isSplit, isKnownBefore: !isChain };
}
