import type { AnalyticsEvent, EventFilter, EventValue } from "./event.ts";
import { segmentKeys } from "./segment_key.ts";
import type { Buckets } from "./time_buckets.ts";

/** One step of a funnel: an event that a user has to do after the step before. */
export interface FunnelStep {
  event: string;
  where?: EventFilter;
}

/** How people are taken through a funnel. */
export interface FunnelRules {
  /** At least one. */
  steps: readonly FunnelStep[];
  /** When people may enter. Later steps may come after the last bucket. */
  buckets: Buckets;
  /** How long after the first step the last one still counts. */
  windowMs: number;
  /** A filter on the events of all steps. */
  where?: EventFilter;
}

/** A person's way through a funnel: when each step that they reached was done. */
export interface Attempt {
  bucketIndex: number;
  /** Of the first step's event; empty when nothing splits the funnel. */
  segment: string;
  timesMs: readonly number[];
}

/** What one user did of one step, in order of time. */
interface StepEvents {
  timesMs: number[];
  /** Positions in the order of arrival: they tell events of the same moment apart. */
  orders: number[];
  /** Segments of each event, for first steps of a funnel that is split. */
  segments: (readonly string[])[];
}

const NO_SEGMENT = [""] as const;

/**
 * The best attempt of each user in each bucket (and segment): the one that gets furthest, the first of equals.
 *
 * An attempt starts with any event of the first step. Each next step is the first event of its kind after the one
 * before; an event is used for one step only. So a user counts once in a bucket, and someone who gives up and later
 * comes back and buys has bought.
 */
export function* bestAttempts(
  events: Iterable<AnalyticsEvent>,
  rules: FunnelRules,
  on?: EventValue,
): Iterable<Attempt> {
  for (const steps of stepsByUser(events, rules, on)) {
    if (steps[0].timesMs.length > 0) yield* attemptsOf(steps, rules, on === undefined);
  }
}

function stepsByUser(
  events: Iterable<AnalyticsEvent>,
  { steps, buckets, windowMs, where }: FunnelRules,
  on?: EventValue,
): Iterable<StepEvents[]> {
  const stepsByName = Map.groupBy(steps.keys(), (index) => steps[index].event);
  const untilMs = buckets.endMs + windowMs;
  const users = new Map<string, StepEvents[]>();
  let order = 0;
  for (const event of events) {
    order++;
    const candidates = stepsByName.get(event.name);
    if (candidates === undefined || event.timeMs < buckets.startMs || event.timeMs > untilMs) continue;
    if (where && !where(event)) continue;
    for (const index of candidates) {
      if (index === 0 && event.timeMs >= buckets.endMs) continue;
      const condition = steps[index].where;
      if (condition && !condition(event)) continue;
      let user = users.get(event.distinctId);
      if (user === undefined) {
        user = steps.map(() => ({ timesMs: [], orders: [], segments: [] }));
        users.set(event.distinctId, user);
      }
      const step = user[index];
      step.timesMs.push(event.timeMs);
      step.orders.push(order);
      if (index === 0 && on) step.segments.push(segmentKeys(on(event)));
    }
  }
  for (const user of users.values()) user.forEach(sortByTime);
  return users.values();
}

function sortByTime(step: StepEvents): void {
  const { timesMs, orders, segments } = step;
  if (timesMs.every((timeMs, index) => index === 0 || timesMs[index - 1] <= timeMs)) return;
  const positions = [...timesMs.keys()].sort((a, b) => timesMs[a] - timesMs[b]);
  step.timesMs = positions.map((position) => timesMs[position]);
  step.orders = positions.map((position) => orders[position]);
  if (segments.length > 0) step.segments = positions.map((position) => segments[position]);
}

function* attemptsOf(steps: StepEvents[], { buckets, windowMs }: FunnelRules, whole: boolean): Iterable<Attempt> {
  const [entries] = steps;
  // A later entry never finds an earlier event for any step than the entry before did, so positions only move forward.
  const positions = steps.map(() => 0);
  let best = new Map<string, Attempt>();
  let bucketIndex = -1;
  for (let entry = 0; entry < entries.timesMs.length; entry++) {
    const entryBucket = buckets.indexOf(entries.timesMs[entry]);
    if (entryBucket !== bucketIndex) {
      yield* best.values();
      best = new Map();
      bucketIndex = entryBucket;
    } else if (whole && best.get("")?.timesMs.length === steps.length) continue;
    const timesMs = follow(steps, entry, positions, windowMs);
    for (const segment of whole ? NO_SEGMENT : entries.segments[entry]) {
      if (timesMs.length > (best.get(segment)?.timesMs.length ?? 0)) {
        best.set(segment, { bucketIndex, segment, timesMs });
      }
    }
  }
  yield* best.values();
}

/** The times of the steps that can be reached from an entry within the window. */
function follow(steps: StepEvents[], entry: number, positions: number[], windowMs: number): number[] {
  const startMs = steps[0].timesMs[entry];
  const reached = [startMs];
  let order = steps[0].orders[entry];
  for (let index = 1; index < steps.length; index++) {
    const { timesMs, orders } = steps[index];
    const previousMs = reached[index - 1];
    let position = positions[index];
    while (
      timesMs[position] < previousMs || (timesMs[position] === previousMs && orders[position] <= order)
    ) position++;
    positions[index] = position;
    if (position >= timesMs.length || timesMs[position] - startMs > windowMs) break;
    reached.push(timesMs[position]);
    order = orders[position];
  }
  return reached;
}
