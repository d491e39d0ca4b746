import type { AnalyticsEvent, EventFilter, EventValue } from "./event.ts";
import { largest } from "./ranking.ts";
import { segmentKeys } from "./segment_key.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_SEGMENTS = 255;
const NO_SEGMENT = [""] as const;

/** Who is watched, and what counts as coming back. */
export interface RetentionQuery {
  /**
   * `birth`: each user belongs to the period in which they first did the born event. `compounded`: to every period in
   * which they did the event.
   */
  kind: "birth" | "compounded";
  /** What begins a birth; without it, any event. Ignored when compounded. */
  bornEvent?: string;
  bornWhere?: EventFilter;
  /** What counts as coming back; without it, any event. */
  event?: string;
  where?: EventFilter;
  /** The periods whose users are watched. Later events still count as coming back. */
  buckets: Buckets;
  /** Length of the intervals after a user's beginning: a day is 24 hours, not a calendar day. */
  intervalMs: number;
  /** How many intervals there are after the 0th. */
  intervalCount: number;
  /** Counts whoever comes back in an interval also in those before it. */
  unbounded?: boolean;
}

/** The users of one period. Property names are Mixpanel's. */
export interface RetentionRow {
  /** How many came back in the 0th, 1st, … interval after their beginning. */
  counts: number[];
  /** How many there are. */
  first: number;
}

/** Counts how many users come back, and after how long. (Mixpanel: `/retention`) */
export function retention(events: Iterable<AnalyticsEvent>, query: RetentionQuery): Record<string, RetentionRow> {
  const { firsts, counts } = count(events, query, () => NO_SEGMENT);
  const rows = counts.get("") ?? emptyCounts(query);
  return Object.fromEntries(
    query.buckets.keys.map((key, index) => [key, { counts: rows[index], first: firsts[index] }]),
  );
}

/**
 * Retention split by a value of the event with which users come back. `first` is that of the whole period in every
 * segment. (Mixpanel: `/retention` with `on`, whose answer's shape is not documented.)
 */
export function retentionBySegment(
  events: Iterable<AnalyticsEvent>,
  { on, limit = DEFAULT_SEGMENTS, ...query }: RetentionQuery & { on: EventValue; limit?: number },
): Record<string, Record<string, RetentionRow>> {
  const { firsts, counts } = count(events, query, (event) => segmentKeys(on(event)));
  const total = (rows: number[][]) => rows.flat().reduce((sum, each) => sum + each, 0);
  const sizes = [...counts].map(([segment, rows]): [string, number] => [segment, total(rows)]);
  const kept = largest(sizes, limit).map(([segment]) => segment);
  return Object.fromEntries(query.buckets.keys.map((key, index) => {
    const rows = kept.map((segment) => [segment, { counts: counts.get(segment)![index], first: firsts[index] }]);
    return [key, Object.fromEntries(rows)];
  }));
}

/** What happened to one user, by order of arrival; returns are later brought in order of time. */
interface User {
  births: Moment[];
  returns: Map<string, Moment[]>;
}

interface Moment {
  timeMs: number;
  /** Tells events of the same moment apart: nobody comes back with the event that they began with. */
  order: number;
}

function count(
  events: Iterable<AnalyticsEvent>,
  query: RetentionQuery,
  segmentsOf: (event: AnalyticsEvent) => readonly string[],
): { firsts: number[]; counts: Map<string, number[][]> } {
  const firsts = query.buckets.keys.map(() => 0);
  const counts = new Map<string, number[][]>();
  for (const user of watch(events, query, segmentsOf)) {
    const cohorts = cohortsOf(user.births, query);
    if (cohorts.length === 0) continue;
    for (const [bucketIndex] of cohorts) firsts[bucketIndex]++;
    for (const [segment, returns] of user.returns) {
      returns.sort((a, b) => a.timeMs - b.timeMs);
      let rows = counts.get(segment);
      for (const [bucketIndex, birth] of cohorts) {
        if (rows === undefined) counts.set(segment, rows = emptyCounts(query));
        addReturns(rows[bucketIndex], birth, returns, query);
      }
    }
  }
  return { firsts, counts };
}

function watch(
  events: Iterable<AnalyticsEvent>,
  { kind, bornEvent, bornWhere, event: returnEvent, where }: RetentionQuery,
  segmentsOf: (event: AnalyticsEvent) => readonly string[],
): Iterable<User> {
  const users = new Map<string, User>();
  let order = 0;
  for (const event of events) {
    order++;
    const returns = (returnEvent === undefined || event.name === returnEvent) && (!where || where(event));
    const born = kind === "compounded"
      ? returns
      : (bornEvent === undefined || event.name === bornEvent) && (!bornWhere || bornWhere(event));
    if (!returns && !born) continue;
    let user = users.get(event.distinctId);
    if (user === undefined) users.set(event.distinctId, user = { births: [], returns: new Map() });
    const moment = { timeMs: event.timeMs, order };
    if (born) user.births.push(moment);
    if (!returns) continue;
    for (const segment of segmentsOf(event)) {
      const known = user.returns.get(segment);
      if (known) known.push(moment);
      else user.returns.set(segment, [moment]);
    }
  }
  return users.values();
}

/** The periods that a user belongs to, each with the moment at which the user's time in it begins. */
function cohortsOf(births: Moment[], { kind, buckets }: RetentionQuery): [bucketIndex: number, birth: Moment][] {
  const first = new Map<number, Moment>();
  let earliest: Moment | undefined;
  for (const birth of births) {
    if (kind === "birth") {
      if (earliest === undefined || birth.timeMs < earliest.timeMs) earliest = birth;
      continue;
    }
    const index = buckets.indexOf(birth.timeMs);
    const known = first.get(index);
    if (index >= 0 && (known === undefined || birth.timeMs < known.timeMs)) first.set(index, birth);
  }
  if (earliest === undefined) return [...first];
  const index = buckets.indexOf(earliest.timeMs);
  return index < 0 ? [] : [[index, earliest]];
}

function addReturns(row: number[], birth: Moment, returns: Moment[], query: RetentionQuery): void {
  const { intervalMs, intervalCount, unbounded = false } = query;
  let lastInterval = -1;
  for (let position = firstAt(returns, birth.timeMs); position < returns.length; position++) {
    if (returns[position].order === birth.order) continue;
    const interval = Math.floor((returns[position].timeMs - birth.timeMs) / intervalMs);
    if (interval > intervalCount) break;
    if (interval === lastInterval) continue;
    for (let index = unbounded ? lastInterval + 1 : interval; index <= interval; index++) row[index]++;
    lastInterval = interval;
  }
}

/** Position of the first moment that is not before a time. */
function firstAt(moments: Moment[], timeMs: number): number {
  let [low, high] = [0, moments.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (moments[middle].timeMs < timeMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function emptyCounts({ buckets, intervalCount }: RetentionQuery): number[][] {
  return buckets.keys.map(() => new Array<number>(intervalCount + 1).fill(0));
}
