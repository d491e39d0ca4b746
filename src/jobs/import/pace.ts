/**
 * How many requests an import has under way at once. Mixpanel advises 10 to 20 senders; a slow line or a small machine
 * bears fewer, and there more would only wait longer for each other. So it begins with a few, and each step up has to
 * bring more answers in the same time, as it does while they come as soon as before; else it is taken back, and tried
 * again later. When the server is overloaded, it goes down by half. Pure functions.
 */

/** Where the pace stands. */
export interface Pace {
  /** Requests at the same time. */
  readonly limit: number;
  readonly most: number;
  /** Doubling, until a step brings nothing. */
  readonly isStarting: boolean;
  /** Before the step that is being tried: the limit, and answers per millisecond. */
  readonly before?: { readonly limit: number; readonly rate: number };
  /** Rounds until the next step is tried, and how many it will be when that brings nothing. */
  readonly restRounds: number;
  readonly nextRest: number;
  /** The answers of this round: their number, and the sum of their waits in milliseconds. */
  readonly answers: number;
  readonly waitedMs: number;
  /** When it was halved last. */
  readonly halvedAtMs: number;
}

const FIRST_LIMIT = 4;
/** Of what a step would bring if nobody waited for anybody, this much must come. */
const LEAST_GAIN = 0.4;
const LONGEST_REST = 64;

export function startPace(most: number): Pace {
  const limit = Math.min(FIRST_LIMIT, most);
  const round = { answers: 0, waitedMs: 0, restRounds: 0, nextRest: 1 };
  return { ...round, limit, most, isStarting: true, halvedAtMs: -Infinity };
}

/** The pace after an answer that took `waitMs`. The limit changes once a round, which is as many answers as the limit. */
export function afterAnswer(pace: Pace, waitMs: number): Pace {
  const answers = pace.answers + 1;
  const waitedMs = pace.waitedMs + waitMs;
  if (answers < pace.limit) return { ...pace, answers, waitedMs };
  const next = { ...pace, answers: 0, waitedMs: 0 };
  const rate = pace.limit * answers / Math.max(waitedMs, Number.EPSILON);
  const { before } = pace;
  if (before === undefined) {
    return pace.restRounds > 0 ? { ...next, restRounds: pace.restRounds - 1 } : stepUp(next, rate);
  }
  const wanted = 1 + (pace.limit / before.limit - 1) * LEAST_GAIN;
  if (rate >= before.rate * wanted) return stepUp({ ...next, nextRest: 1 }, rate);
  return {
    ...next,
    limit: before.limit,
    before: undefined,
    isStarting: false,
    restRounds: pace.nextRest,
    nextRest: Math.min(LONGEST_REST, pace.nextRest * 2),
  };
}

function stepUp(pace: Pace, rate: number): Pace {
  const limit = Math.min(pace.most, pace.isStarting ? pace.limit * 2 : pace.limit + 1);
  return { ...pace, limit, before: limit > pace.limit ? { limit: pace.limit, rate } : undefined };
}

/**
 * The pace after a request of `sentAtMs` that the server was too busy for, or did not answer in time. Requests that were
 * under way together tell of one overload, and halve it once.
 */
export function afterOverload(pace: Pace, sentAtMs: number, nowMs: number): Pace {
  if (sentAtMs < pace.halvedAtMs) return pace;
  const limit = Math.max(1, Math.floor(pace.limit / 2));
  return { ...startPace(pace.most), limit, isStarting: false, halvedAtMs: nowMs };
}
