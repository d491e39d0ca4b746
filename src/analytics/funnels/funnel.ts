import { largest } from "../ranking.ts";
import type { EventView } from "../rows/event_view.ts";
import { acrossChunks, type RowValue } from "../rows/row_value.ts";
import { Segmenter } from "../rows/segmenter.ts";
import type { BucketCursor } from "../time_buckets.ts";
import { countAttempts } from "./counted_attempts.ts";
import { checkRules, type FunnelRules } from "./funnel_rules.ts";
import { type Attempt, Journey } from "./journey.ts";

const DEFAULT_SEGMENTS = 255;
/** Mixpanel's name for all segments together. */
const OVERALL = "$overall";

/** How many people reached a step, and how fast. Property names are Mixpanel's; times are whole seconds. */
export interface FunnelStepResult {
  count: number;
  goal: string;
  event: string;
  /** What people call the step: the event's name, where they call it nothing else. */
  step_label: string;
  /** Share of those of the step before; 1 for the first step. */
  step_conv_ratio: number;
  /** Share of those of the first step. */
  overall_conv_ratio: number;
  /** Mean time since the step before; null for the first step, and where nobody came. */
  avg_time: number | null;
  avg_time_from_start: number | null;
}

/** One period of a funnel, by when people entered. */
export interface FunnelPeriod {
  steps: FunnelStepResult[];
  analysis: {
    /** People in the last step. */
    completion: number;
    /** People in the first step. */
    starting_amount: number;
    steps: number;
    /** Position of the step that loses the largest share. */
    worst: number;
  };
}

/** Counts how many users get how far through a sequence of events, by when they entered. (Mixpanel: `/funnels`) */
export function funnel(view: EventView, rules: FunnelRules): Record<string, FunnelPeriod> {
  checkRules(rules);
  const tallies = new Tallies(view, rules);
  for (const journey of journeys(view, rules)) countAttempts(journey, rules, undefined, tallies.add);
  return Object.fromEntries(rules.buckets.keys.map((key, index) => [key, analyse(tallies.results(0, index))]));
}

/**
 * A funnel split by a value of the first step's event. Besides the largest segments, each period has `$overall`, in
 * which people count as they do without segments. (Mixpanel: `/funnels` with `on`)
 */
export function funnelBySegment(
  view: EventView,
  { on, keysOf, limit = DEFAULT_SEGMENTS, ...rules }: FunnelRules & {
    on: RowValue;
    /** The segments that a value is in. */
    keysOf?: (value: unknown) => readonly string[];
    limit?: number;
  },
): Record<string, Record<string, FunnelStepResult[]>> {
  checkRules(rules);
  const segmenter = new Segmenter(on, keysOf);
  const numberOf = acrossChunks(view.chunks, segmenter);
  const { places } = view.byPerson;
  const segmentsOf = (at: number) => segmenter.several(numberOf(places[at]!));
  const overall = new Tallies(view, rules);
  const tallies = new Tallies(view, rules);
  for (const journey of journeys(view, rules)) {
    countAttempts(journey, rules, undefined, overall.add);
    countAttempts(journey, rules, segmentsOf, tallies.add);
  }
  const sizes = segmenter.keys.map((key, segment): [string, number] => [key, tallies.sizeOf(segment)]);
  const kept = largest(sizes.filter(([, size]) => size > 0), limit).map(([key]) => key);
  return Object.fromEntries(rules.buckets.keys.map((key, index) => {
    const bySegment = kept.map((segment) => [segment, tallies.results(segmenter.add(segment), index)]);
    return [key, Object.fromEntries([[OVERALL, overall.results(0, index)], ...bySegment])];
  }));
}

/** Everybody's journey, one after another in the same object. */
function* journeys(view: EventView, rules: FunnelRules): Generator<Journey, void> {
  const journey = new Journey(view, rules);
  const people = view.byPerson.starts.length - 1;
  for (let person = 1; person < people; person++) {
    journey.begin(person);
    yield journey;
  }
}

/** Adds up attempts, by segment, period and step. */
class Tallies {
  readonly #counts: number[] = [];
  readonly #sumsMs: number[] = [];
  readonly #sumsFromStartMs: number[] = [];

  readonly #timesMs: Float64Array;
  readonly #cursor: BucketCursor;

  constructor(view: EventView, private readonly rules: FunnelRules) {
    this.#timesMs = view.byPerson.timesMs;
    this.#cursor = rules.buckets.cursor();
  }

  readonly add = ({ reached }: Attempt, segments: readonly number[]): void => {
    const timesMs = this.#timesMs;
    const startMs = timesMs[reached[0]!]!;
    const bucket = this.#cursor.indexOf(startMs);
    for (const segment of segments) {
      const first = this.#first(segment, bucket);
      let beforeMs = startMs;
      for (let step = 0; step < reached.length; step++) {
        // A step within the time of grace may lie before the one before it: they count as simultaneous.
        const timeMs = Math.max(beforeMs, timesMs[reached[step]!]!);
        this.#counts[first + step]!++;
        this.#sumsMs[first + step]! += timeMs - beforeMs;
        this.#sumsFromStartMs[first + step]! += timeMs - startMs;
        beforeMs = timeMs;
      }
    }
  };

  /** How many attempts began. */
  sizeOf(segment: number): number {
    const { steps, buckets } = this.rules;
    return buckets.keys.reduce((sum, _, bucket) => {
      return sum + (this.#counts[(segment * buckets.keys.length + bucket) * steps.length] ?? 0);
    }, 0);
  }

  results(segment: number, bucket: number): FunnelStepResult[] {
    const first = this.#first(segment, bucket);
    return stepResults(this.rules.steps.map(({ event }, index) => ({
      event,
      count: this.#counts[first + index]!,
      sumMs: this.#sumsMs[first + index]!,
      sumFromStartMs: this.#sumsFromStartMs[first + index]!,
    })));
  }

  /** Where the numbers of a segment's period are, with zeros put there when there are none. */
  #first(segment: number, bucket: number): number {
    const { steps, buckets } = this.rules;
    const first = (segment * buckets.keys.length + bucket) * steps.length;
    for (const numbers of [this.#counts, this.#sumsMs, this.#sumsFromStartMs]) {
      while (numbers.length < first + steps.length) numbers.push(0);
    }
    return first;
  }
}

/** How many got to a step, and how long they all took for it: since the step before, and since the first one. */
export interface StepTotals {
  event: string;
  count: number;
  sumMs: number;
  sumFromStartMs: number;
}

export function stepResults(steps: readonly StepTotals[]): FunnelStepResult[] {
  const share = (count: number, of: number) => of === 0 ? 0 : count / of;
  return steps.map(({ event, count, sumMs, sumFromStartMs }, index) => {
    const seconds = (totalMs: number) => index === 0 || count === 0 ? null : Math.round(totalMs / count / 1000);
    return {
      count,
      goal: event,
      event,
      step_label: event,
      step_conv_ratio: index === 0 ? 1 : share(count, steps[index - 1]!.count),
      overall_conv_ratio: index === 0 ? 1 : share(count, steps[0]!.count),
      avg_time: seconds(sumMs),
      avg_time_from_start: seconds(sumFromStartMs),
    };
  });
}

function analyse(steps: FunnelStepResult[]): FunnelPeriod {
  let worst = Math.min(1, steps.length - 1);
  for (let index = 2; index < steps.length; index++) {
    if (steps[index]!.step_conv_ratio < steps[worst]!.step_conv_ratio) worst = index;
  }
  const [first, last] = [steps[0]!, steps[steps.length - 1]!];
  return {
    steps,
    analysis: { completion: last.count, starting_amount: first.count, steps: steps.length, worst },
  };
}
