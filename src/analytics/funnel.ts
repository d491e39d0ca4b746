import type { AnalyticsEvent, EventValue } from "./event.ts";
import { type Attempt, bestAttempts, type FunnelRules } from "./funnel_attempts.ts";
import { largest } from "./ranking.ts";

const DEFAULT_SEGMENTS = 255;
/** Mixpanel's name for all segments together. */
const OVERALL = "$overall";

/** How many people reached a step, and how fast. Property names are Mixpanel's; times are whole seconds. */
export interface FunnelStepResult {
  count: number;
  goal: string;
  event: string;
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
export function funnel(events: Iterable<AnalyticsEvent>, rules: FunnelRules): Record<string, FunnelPeriod> {
  const tallies = rules.buckets.keys.map(() => new StepTally(rules));
  for (const attempt of bestAttempts(events, rules)) tallies[attempt.bucketIndex].add(attempt);
  return Object.fromEntries(rules.buckets.keys.map((key, index) => [key, analyse(tallies[index].results())]));
}

/**
 * A funnel split by a value of the first step's event. Besides the largest segments, each period has `$overall`, in
 * which a user counts once. (Mixpanel: `/funnels` with `on`)
 */
export function funnelBySegment(
  events: Iterable<AnalyticsEvent>,
  { on, limit = DEFAULT_SEGMENTS, ...rules }: FunnelRules & { on: EventValue; limit?: number },
): Record<string, Record<string, FunnelStepResult[]>> {
  const { keys } = rules.buckets;
  // Two passes through the events: the best attempt of all is not always the first one's, nor its time any segment's.
  const all = [...events];
  const overall = keys.map(() => new StepTally(rules));
  for (const attempt of bestAttempts(all, rules)) overall[attempt.bucketIndex].add(attempt);
  const segments = new Map<string, StepTally[]>();
  const sizes = new Map<string, number>();
  for (const attempt of bestAttempts(all, rules, on)) {
    const { segment, bucketIndex } = attempt;
    if (!segments.has(segment)) segments.set(segment, keys.map(() => new StepTally(rules)));
    segments.get(segment)![bucketIndex].add(attempt);
    sizes.set(segment, (sizes.get(segment) ?? 0) + 1);
  }
  const kept = largest(sizes, limit).map(([segment]) => segment);
  return Object.fromEntries(keys.map((key, index) => {
    const bySegment = kept.map((segment) => [segment, segments.get(segment)![index].results()]);
    return [key, Object.fromEntries([[OVERALL, overall[index].results()], ...bySegment])];
  }));
}

/** Adds up attempts of one period and segment. */
class StepTally {
  readonly #counts: number[];
  readonly #sumsMs: number[];
  readonly #sumsFromStartMs: number[];

  constructor(private readonly rules: FunnelRules) {
    this.#counts = rules.steps.map(() => 0);
    this.#sumsMs = rules.steps.map(() => 0);
    this.#sumsFromStartMs = rules.steps.map(() => 0);
  }

  add({ timesMs }: Attempt): void {
    for (let index = 0; index < timesMs.length; index++) {
      this.#counts[index]++;
      if (index === 0) continue;
      this.#sumsMs[index] += timesMs[index] - timesMs[index - 1];
      this.#sumsFromStartMs[index] += timesMs[index] - timesMs[0];
    }
  }

  results(): FunnelStepResult[] {
    const share = (count: number, of: number) => of === 0 ? 0 : count / of;
    return this.rules.steps.map(({ event }, index) => {
      const count = this.#counts[index];
      const seconds = (sumMs: number) => index === 0 || count === 0 ? null : Math.round(sumMs / count / 1000);
      return {
        count,
        goal: event,
        event,
        step_conv_ratio: index === 0 ? 1 : share(count, this.#counts[index - 1]),
        overall_conv_ratio: index === 0 ? 1 : share(count, this.#counts[0]),
        avg_time: seconds(this.#sumsMs[index]),
        avg_time_from_start: seconds(this.#sumsFromStartMs[index]),
      };
    });
  }
}

function analyse(steps: FunnelStepResult[]): FunnelPeriod {
  let worst = Math.min(1, steps.length - 1);
  for (let index = 2; index < steps.length; index++) {
    if (steps[index].step_conv_ratio < steps[worst].step_conv_ratio) worst = index;
  }
  const [first, last] = [steps[0], steps[steps.length - 1]];
  return {
    steps,
    analysis: { completion: last.count, starting_amount: first.count, steps: steps.length, worst },
  };
}
