/** What a funnel asks for. */
import type { RowFilter, RowValue } from "../rows/row_value.ts";
import type { Buckets } from "../time_buckets.ts";

/** One step of a funnel: an event that a user has to do after the step before. */
export interface FunnelStep {
  /** The name of the event, or where there are `names` what people call the step. */
  event: string;
  /** Names of events that all are the step; `any` for every event. */
  names?: readonly string[] | "any";
  where?: RowFilter;
  /** May be done in any order with the steps of this kind beside it, before the next one that is not. */
  inAnyOrder?: boolean;
}

/** An event that ends an attempt when it comes between two steps. */
export interface FunnelExclusion {
  event: string;
  names?: readonly string[] | "any";
  where?: RowFilter;
  /** Position of the step after which it counts. Default: the first. */
  after?: number;
  /** Position of the step before which it counts. Default: the last. */
  before?: number;
}

/**
 * How often a person may enter: `uniques` once, with the first event of the first step (once a segment, when the funnel
 * is split); `totals` again after each attempt has ended; `sessions` once a session.
 */
export type FunnelCounting = "uniques" | "totals" | "sessions";

/** What a session is: it ends when nothing happens for so long, and at midnight. */
export interface SessionRules {
  timeoutMs: number;
  /** An IANA name, for the midnights. */
  timeZone: string;
}

/** How people are taken through a funnel. */
export interface FunnelRules {
  /** At least one. */
  steps: readonly FunnelStep[];
  /** When people may enter. Later steps may come after the last bucket. */
  buckets: Buckets;
  /** How long after the first step the last one still counts. */
  windowMs: number;
  /** How many sessions an attempt may take, that of the first step included. Default: as many as the window has. */
  windowSessions?: number;
  /** A filter on the events of all steps. */
  where?: RowFilter;
  /** Default: uniques. */
  counting?: FunnelCounting;
  exclusions?: readonly FunnelExclusion[];
  /** Properties whose values must stay those of the first step; an event without one of them is no step. */
  holding?: readonly RowValue[];
  /** Takes the entry that converts in place of the first one. */
  reentersOptimally?: boolean;
  /** Needed for sessions, which are of half an hour by default. */
  sessions?: SessionRules;
}

const DAY_MS = 86_400_000;
const MOST_HELD_PROPERTIES = 3;
/** The largest window, by the unit in which it is asked for. (The limits of Mixpanel's own query builders.) */
export const LARGEST_WINDOW = {
  second: 31_708_800,
  minute: 528_480,
  hour: 8808,
  day: 367,
  week: 52,
  month: 12,
  session: 12,
} as const;

/** Throws RangeError for rules that no funnel can have. */
export function checkRules({ steps, windowMs, windowSessions = 1, holding = [], exclusions = [] }: FunnelRules): void {
  if (steps.length === 0) throw new RangeError("A funnel needs at least one step");
  if (!(windowMs >= 0 && windowMs <= LARGEST_WINDOW.day * DAY_MS)) {
    throw new RangeError(`A funnel's window is at most ${LARGEST_WINDOW.day} days, not ${windowMs / DAY_MS}`);
  }
  if (!(windowSessions >= 1 && windowSessions <= LARGEST_WINDOW.session)) {
    throw new RangeError(`A funnel's window is of 1 to ${LARGEST_WINDOW.session} sessions, not ${windowSessions}`);
  }
  if (holding.length > MOST_HELD_PROPERTIES) {
    throw new RangeError(`A funnel holds at most ${MOST_HELD_PROPERTIES} properties constant, not ${holding.length}`);
  }
  for (const { event, after = 0, before = steps.length - 1 } of exclusions) {
    if (after < 0 || before >= steps.length || after >= before) {
      throw new RangeError(`"${event}" can only be excluded between two steps`);
    }
  }
}
