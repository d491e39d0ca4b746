/** Which of a person's attempts a funnel counts, and in which segments. */
import type { FunnelRules } from "./funnel_rules.ts";
import type { Attempt, Journey } from "./journey.ts";

/** Numbers of the segments that an event is in. */
type SegmentsOf = (row: number) => readonly number[];

type CountAttempt = (attempt: Attempt, segments: readonly number[]) => void;

/** Calls `count` for each attempt of a journey that counts, with the segments in which it does. */
export function countAttempts(journey: Journey, rules: FunnelRules, segmentsOf: SegmentsOf, count: CountAttempt): void {
  if (rules.reentersOptimally) countOptimally(journey, rules, segmentsOf, count);
  else if (rules.counting === "sessions") countSessions(journey, segmentsOf, count);
  else countInTurn(journey, rules, segmentsOf, count);
}

/** Enters again when the attempt before has ended; a person's uniques are the first attempt of each segment. */
function countInTurn(journey: Journey, rules: FunnelRules, segmentsOf: SegmentsOf, count: CountAttempt): void {
  const { entries, rows } = journey;
  const isUnique = rules.counting !== "totals";
  // Whoever holds a property constant need not have left one segment to enter another.
  const needsExit = !isUnique || !rules.holding?.length;
  const seen: number[] = [];
  let floor = -1;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    if (entry <= floor) continue;
    const segments = segmentsOf(rows[entry]!);
    const fresh = isUnique ? segments.filter((segment) => !seen.includes(segment)) : segments;
    if (fresh.length === 0 && !needsExit) continue;
    const attempt = journey.follow(index, floor);
    if (needsExit) floor = attempt.exit;
    if (fresh.length === 0) continue;
    count(attempt, fresh);
    if (isUnique) seen.push(...fresh);
  }
}

/** The first entry of each session. What was done in the session before is none of its business. */
function countSessions(journey: Journey, segmentsOf: SegmentsOf, count: CountAttempt): void {
  const { entries, rows, sessions } = journey;
  let session = -1;
  for (let index = 0; index < entries.length; index++) {
    const entry = entries[index]!;
    if (sessions[entry] === session) continue;
    session = sessions[entry]!;
    count(journey.follow(index, firstOfSession(sessions, entry) - 1), segmentsOf(rows[entry]!));
  }
}

function firstOfSession(sessions: readonly number[], position: number): number {
  let first = position;
  while (first > 0 && sessions[first - 1] === sessions[position]) first--;
  return first;
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
  const { rows, sessions } = journey;
  const attempts = latestOfEach(journey);
  if (counting === "totals") {
    for (const attempt of attempts) count(attempt, segmentsOf(rows[attempt.entry]!));
    return;
  }
  const groups = counting === "sessions"
    ? Map.groupBy(attempts, ({ entry }) => sessions[entry]).values()
    : [attempts].values();
  for (const group of groups) {
    const best = new Map<number, Attempt>();
    for (const attempt of group) {
      for (const segment of segmentsOf(rows[attempt.entry]!)) {
        const known = best.get(segment);
        if (known === undefined || known.reached.length < attempt.reached.length) best.set(segment, attempt);
      }
    }
    for (const [segment, attempt] of best) count(attempt, [segment]);
  }
}

function latestOfEach(journey: Journey): Attempt[] {
  const attempts = journey.entries.map((_, index) => journey.follow(index, -1));
  const latest = new Map<number | undefined, Attempt>();
  for (const attempt of attempts) latest.set(attempt.reached[1], attempt);
  return attempts.map((attempt) => {
    const second = attempt.reached[1];
    if (second === undefined || latest.get(second) === attempt) return attempt;
    return { ...attempt, reached: [attempt.entry] };
  });
}
