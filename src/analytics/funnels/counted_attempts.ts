/** Which of a person's attempts a funnel counts, and in which segments. */
import type { FunnelRules } from "./funnel_rules.ts";
import type { Attempt, Journey } from "./journey.ts";

/** Numbers of the segments that an event is in. */
type SegmentsOf = (at: number) => readonly number[];

/** Those of a funnel that is not split. */
const ONE_SEGMENT = [0] as const;
const inOneSegment: SegmentsOf = () => ONE_SEGMENT;

type CountAttempt = (attempt: Attempt, segments: readonly number[]) => void;

/** Calls `count` for each attempt of a journey that counts, with the segments in which it does: 0, if there are none. */
export function countAttempts(
  journey: Journey,
  rules: FunnelRules,
  segmentsOf: SegmentsOf | undefined,
  count: CountAttempt,
): void {
  countIn(journey, rules, segmentsOf ?? inOneSegment, count);
}

function countIn(journey: Journey, rules: FunnelRules, segmentsOf: SegmentsOf, count: CountAttempt): void {
  if (rules.reentersOptimally) countOptimally(journey, rules, segmentsOf, count);
  else if (rules.counting === "sessions") countSessions(journey, segmentsOf, count);
  else if (rules.counting === "totals") countTotals(journey, segmentsOf, count);
  else countUniques(journey, rules, segmentsOf, count);
}

/** Again after each attempt has ended: at the earliest with the next entry, since an exclusion may lie before this one. */
function countTotals(journey: Journey, segmentsOf: SegmentsOf, count: CountAttempt): void {
  let floor = -1;
  for (let entry = journey.entryAfter(-1); entry >= 0; entry = journey.entryAfter(Math.max(entry, floor))) {
    const attempt = journey.follow(entry, floor);
    floor = attempt.exit;
    count(attempt, segmentsOf(entry));
  }
}

/** The first attempt in each segment. To enter another one, a person has to leave, but when properties are held. */
function countUniques(journey: Journey, { holding }: FunnelRules, segmentsOf: SegmentsOf, count: CountAttempt): void {
  if (segmentsOf === inOneSegment) {
    const entry = journey.entryAfter(-1);
    if (entry >= 0) count(journey.follow(entry, -1), ONE_SEGMENT);
    return;
  }
  const needsExit = !holding?.length;
  const seen: number[] = [];
  let floor = -1;
  for (let entry = journey.entryAfter(-1); entry >= 0;) {
    const segments = segmentsOf(entry);
    const fresh = segments.filter((segment) => !seen.includes(segment));
    if (fresh.length > 0 || needsExit) {
      const attempt = journey.follow(entry, floor);
      if (needsExit) floor = attempt.exit;
      if (fresh.length > 0) count(attempt, fresh);
      seen.push(...fresh);
    }
    entry = journey.entryAfter(Math.max(entry, floor));
  }
}

/** The first entry of each session. What was done in the session before is none of its business. */
function countSessions(journey: Journey, segmentsOf: SegmentsOf, count: CountAttempt): void {
  let session = -1;
  for (let entry = journey.entryAfter(-1); entry >= 0; entry = journey.entryAfter(entry)) {
    if (journey.sessionOf(entry) === session) continue;
    session = journey.sessionOf(entry);
    count(journey.follow(entry, journey.beforeSessionOf(entry)), segmentsOf(entry));
  }
}

/**
 * Follows every entry. Of several that go on with the same second step, the latest one has it, and the others end where
 * they began. A person's unique attempt, or a session's, is the first that converts, or else the one that gets furthest.
 */
function countOptimally(
  journey: Journey,
  { counting }: FunnelRules,
  segmentsOf: SegmentsOf,
  count: CountAttempt,
): void {
  const attempts = latestOfEach(journey);
  if (counting === "totals") {
    for (const attempt of attempts) count(attempt, segmentsOf(attempt.entry));
    return;
  }
  const groups = counting === "sessions"
    ? Map.groupBy(attempts, ({ entry }) => journey.sessionOf(entry)).values()
    : [attempts].values();
  for (const group of groups) {
    const best = new Map<number, Attempt>();
    for (const attempt of group) {
      for (const segment of segmentsOf(attempt.entry)) {
        const known = best.get(segment);
        if (known === undefined || known.reached.length < attempt.reached.length) best.set(segment, attempt);
      }
    }
    for (const [segment, attempt] of best) count(attempt, [segment]);
  }
}

function latestOfEach(journey: Journey): Attempt[] {
  const attempts: Attempt[] = [];
  for (let entry = journey.entryAfter(-1); entry >= 0; entry = journey.entryAfter(entry)) {
    attempts.push(journey.follow(entry, -1));
  }
  const latest = new Map<number | undefined, Attempt>();
  for (const attempt of attempts) latest.set(attempt.reached[1], attempt);
  return attempts.map((attempt) => {
    const second = attempt.reached[1];
    if (second === undefined || latest.get(second) === attempt) return attempt;
    return { ...attempt, reached: [attempt.entry] };
  });
}
