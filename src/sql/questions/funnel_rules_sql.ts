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

/** Columns that tell which steps of a group in any order are done; none where the group is of one step. */
export function doneColumns([first, last]: readonly [first: number, last: number]): string[] {
  return first === last ? [] : Array.from({ length: last - first + 1 }, (_, index) => `done_${first + index + 1}`);
}

/** How the counted attempts of a person are found. */
export interface FunnelMode {
  /** Numbers of sessions are needed. */
  hasSessions: boolean;
  /** An attempt begins when the one before it has ended, which takes a part that refers to itself. */
  isChain: boolean;
  /** Which entries count is known before they are followed. */
  isKnownBefore: boolean;
  /**
   * Columns that say in which levels of the split an attempt counts, where not all count in all: `counts_0` is without a split,
   * `counts_1` by the first segment, `counts_2` by the first and the second.
   */
  turnColumns: readonly string[];
}

export function modeOf(
  { counting, windowSessions, reentersOptimally, segments, held }: Pick<
    SqlFunnel,
    "counting" | "windowSessions" | "reentersOptimally" | "segments" | "held"
  >,
): FunnelMode {
  const hasSessions = counting === "sessions" || windowSessions !== undefined;
  const isSplit = segments.length > 0;
  const turns = isSplit ? ["counts_0", ...segments.map((_, index) => `counts_${index + 1}`)] : [];
  const mode = { hasSessions, isChain: false, isKnownBefore: false, turnColumns: [] };
  if (reentersOptimally) return counting === "totals" ? mode : { ...mode, turnColumns: turns };
  if (counting === "sessions") return { ...mode, isKnownBefore: true };
  if (counting === "totals") return { ...mode, isChain: true };
  // To enter another segment, a person has to leave the funnel, but when properties are held.
  const isChain = isSplit && held.length === 0;
  return { ...mode, isChain, isKnownBefore: !isChain, turnColumns: turns };
}
