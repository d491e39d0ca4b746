/** Funnels: how far people get through steps. (facts 2.2, 2.8) */
import { funnel, funnelBySegment, type FunnelStepResult } from "../../../analytics/funnels/funnel.ts";
import {
  type FunnelCounting,
  type FunnelExclusion,
  type FunnelRules,
  type FunnelStep,
  LARGEST_WINDOW,
} from "../../../analytics/funnels/funnel_rules.ts";
import { everyOf } from "../../../analytics/rows/row_filters.ts";
import type { Buckets } from "../../../analytics/time_buckets.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, numberIn, textAt, wordOf } from "./clause.ts";
import { eventLabel, eventRows } from "./event_names.ts";
import { behaviorLabel, behaviorRows } from "./events.ts";
import { filtersOf, globalFilters } from "./filters.ts";
import { type GroupLevel, groupsOf } from "./groups.ts";
import { cannot } from "./metrics.ts";
import { referencedValue } from "./properties.ts";
import type { Question } from "./question.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { segmentFilters } from "./segment_filters.ts";
import { bucketsOfRange, shownKey, type TimeRange, wholeRange } from "./time.ts";
import { type Branch, combined, grow, shown } from "./tree.ts";

const MOST_STEPS = 100;
const DAY_MS = 86_400_000;
const UNIT_MS = {
  second: 1000,
  minute: 60_000,
  hour: 3_600_000,
  day: DAY_MS,
  week: 7 * DAY_MS,
  month: 30 * DAY_MS,
};
const WINDOW_UNITS = Object.keys(LARGEST_WINDOW) as (keyof typeof LARGEST_WINDOW)[];
/** The charts of funnels over time. */
export const FUNNEL_TRENDS: ReadonlySet<string> = new Set([
  "line",
  "funnel-trend",
  "column",
  "stacked-line",
  "stacked-column",
]);

/** Each way of counting, and what asks for it. */
const COUNTING: Readonly<Record<string, FunnelCounting>> = {
  general: "uniques",
  unique: "uniques",
  conversion_rate: "uniques",
  conversion_rate_unique: "uniques",
  total: "totals",
  conversion_rate_total: "totals",
  session: "sessions",
  conversion_rate_session: "sessions",
};
const MATH = [
  ...Object.keys(COUNTING),
  "average",
  "median",
  "min",
  "max",
  "p25",
  "p75",
  "p90",
  "p99",
  "histogram",
];

/** What is left to say of a funnel once its range is cut. */
export type Rules = Omit<FunnelRules, "buckets">;

export function funnelNumbers(question: Question, params: Clause, clause: Clause): ReportNumbers {
  const sections = clauseOf(params.sections, "sections");
  const rules = rulesOf(question, sections, clause, "sections.show[0]");
  const { chartType } = clauseOf(params.displayOptions, "displayOptions");
  return funnelAnswer(question, rules, {
    groups: groupsOf(question, sections.group),
    isTrend: FUNNEL_TRENDS.has(String(chartType)),
    name: clause.name,
  });
}

/** A funnel's numbers: of the whole range, or of each unit of it. */
export function funnelAnswer(
  question: Question,
  rules: Rules,
  { groups = [], isTrend, name: ownName }: { groups?: readonly GroupLevel[]; isTrend: boolean; name?: unknown },
): ReportNumbers {
  const buckets = funnelBuckets(question.range, isTrend);
  const name = textAt(ownName, "sections.show[0].name") || funnelLabel(rules);
  const headers = groups.map(({ header }) => header);
  return shownFunnel(question.range, stepsTree(question, rules, groups, buckets), { name, headers, isTrend });
}

/** Over time, or all of a range. */
export function funnelBuckets(range: TimeRange, isTrend: boolean): Buckets {
  return isTrend ? bucketsOfRange(range) : wholeRange(range);
}

/** The numbers of a funnel's periods, by the levels of a split, as answers have them. */
export function shownFunnel(
  range: TimeRange,
  { tree, isCut }: { tree: Branch<FunnelStepResult[][]>; isCut: boolean },
  { name, headers, isTrend }: { name: string; headers: readonly string[]; isTrend: boolean },
): ReportNumbers {
  const { keys } = funnelBuckets(range, isTrend);
  const leaf = (periods: FunnelStepResult[][]) => {
    if (!isTrend) return shownSteps(periods[0]!);
    return Object.fromEntries(
      periods.map((steps, index) => [shownKey(keys[index]!, range), shownSteps(steps)]),
    );
  };
  return {
    headers: ["$funnel", ...headers],
    series: { [name]: shown(tree, leaf, headers.length) },
    isCut,
    metricKeys: [name],
    subQueries: 1,
  };
}

/** A funnel as one metric beside others: by bucket the conversion into a step, or how many come there. */
export function funnelMetric(
  question: Question,
  sections: Clause,
  clause: Clause,
  path: string,
  { groups, buckets }: { groups: readonly GroupLevel[]; buckets: Buckets },
): { tree: Branch<unknown[]>; isCut: boolean; label: string } {
  const rules = rulesOf(question, sections, clause, path);
  const { math, stepIndex } = clauseOf(clause.measurement ?? {}, `${path}.measurement`);
  const step = numberIn(stepIndex, `${path}.measurement.stepIndex`) ?? rules.steps.length - 1;
  if (rules.steps[step] === undefined) {
    throw new Refusal(400, `Invalid params: ${path}.measurement.stepIndex is ${step}`);
  }
  const isRate = String(math ?? "conversion_rate").startsWith("conversion_rate");
  const { tree, isCut } = stepsTree(question, rules, groups, buckets);
  const valueOf = (steps: FunnelStepResult[]) => isRate ? steps[step]!.overall_conv_ratio : steps[step]!.count;
  return { tree: combined([tree], ([periods]) => periods!.map(valueOf)), isCut, label: funnelLabel(rules) };
}

/** The rules of a saved report that is a funnel; undefined for any other. */
export function rulesOfReport(question: Question, params: Clause): Rules | undefined {
  const sections = clauseOf(params.sections, "sections");
  const [clause] = clausesOf(sections.show, "sections.show");
  const isFunnel = clause !== undefined && clauseOf(clause.behavior ?? {}, "behavior").type === "funnel";
  return isFunnel ? rulesOf(question, sections, clause, "sections.show[0]") : undefined;
}

/** The rules of a clause of `sections.show`. */
function rulesOf(question: Question, sections: Clause, clause: Clause, clausePath: string): Rules {
  const path = `${clausePath}.behavior`;
  const behavior = clauseOf(clause.behavior, path);
  const counting = countingOf(clause.measurement, `${clausePath}.measurement`);
  return {
    steps: stepsOf(question, behavior, path),
    ...conversionWindowOf(behavior, counting, path),
    counting,
    where: everyOf([
      globalFilters(question, sections, true),
      filtersOf(question, behavior.filters, `${path}.filters`),
      filtersOf(question, behavior.filter, `${path}.filter`),
    ].filter((one) => one !== undefined)),
    exclusions: exclusionsOf(question, behavior, path),
    holding: clausesOf(behavior.aggregateBy, `${path}.aggregateBy`).map((held, index) => {
      return referencedValue(question, held, "value", `${path}.aggregateBy[${index}]`);
    }),
    reentersOptimally: reentryOf(behavior, path) === "optimized",
    sessions: { timeoutMs: 30 * 60_000, timeZone: question.range.timeZone },
  };
}

export function funnelLabel({ steps }: { steps: readonly Pick<FunnelStep, "event">[] }): string {
  return `${steps[0]!.event} through ${steps[steps.length - 1]!.event}`;
}

/** The steps of each bucket, by the levels of a split. */
function stepsTree(question: Question, rules: Rules, groups: readonly GroupLevel[], buckets: Buckets) {
  const { view, limit } = question;
  return grow(groups, limit, (on, most) => {
    if (on === undefined) {
      const periods = checked(() => funnel(view, { ...rules, buckets }));
      return { overall: buckets.keys.map((key) => periods[key]!.steps), segments: new Map(), isCut: false };
    }
    const { value, keysOf } = on;
    const periods = checked(() => funnelBySegment(view, { ...rules, buckets, on: value, keysOf, limit: Infinity }));
    const { $overall: _, ...first } = periods[buckets.keys[0]!]!;
    const keys = Object.keys(first);
    const lines = (key: string) => buckets.keys.map((bucket) => periods[bucket]![key]!);
    const segments = new Map(keys.slice(0, most).map((key) => [key, lines(key)]));
    return { overall: lines("$overall"), segments, isCut: keys.length > most };
  });
}

function shownSteps(steps: readonly FunnelStepResult[]): unknown {
  const byStep = (value: (step: FunnelStepResult) => number | null) =>
    Object.fromEntries(steps.map((step, index) => [`${index + 1}. ${step.event}`, { all: value(step) }]));
  return {
    count: byStep(({ count }) => count),
    step_conv_ratio: byStep(({ step_conv_ratio }) => step_conv_ratio),
    overall_conv_ratio: byStep(({ overall_conv_ratio }) => overall_conv_ratio),
    avg_time: byStep(({ avg_time }) => avg_time),
    avg_time_from_start: byStep(({ avg_time_from_start }) => avg_time_from_start),
  };
}

/** Rules that no funnel can have are the request's mistake. */
export function checked<T>(compute: () => T): T {
  try {
    return compute();
  } catch (error) {
    if (error instanceof RangeError) throw new Refusal(400, `Invalid params: ${error.message}`);
    throw error;
  }
}

function stepsOf(question: Question, behavior: Clause, path: string): FunnelStep[] {
  const clauses = clausesOf(behavior.behaviors, `${path}.behaviors`);
  if (clauses.length < 2 || clauses.length > MOST_STEPS) {
    throw new Refusal(400, `Invalid params: a funnel has 2 to ${MOST_STEPS} steps, not ${clauses.length}`);
  }
  const orderOf = (clause: Clause, at: string) => wordOf(clause.funnelOrder, ["loose", "any"], `${at}.funnelOrder`);
  const order = orderOf(behavior, path) ?? "loose";
  return clauses.map((clause, index) => {
    const at = `${path}.behaviors[${index}]`;
    const { names, where } = behaviorRows(question, clause, at);
    const inAnyOrder = order === "any" || orderOf(clause, at) === "any";
    return { event: behaviorLabel(clause), names: names ?? "any", where, inAnyOrder };
  });
}

function exclusionsOf(question: Question, behavior: Clause, path: string): FunnelExclusion[] {
  return clausesOf(behavior.exclusions, `${path}.exclusions`).map((exclusion, index) => {
    const at = `${path}.exclusions[${index}]`;
    const event = textAt(exclusion.event, `${at}.event`);
    if (event === undefined) throw new Refusal(400, `Invalid params: ${at} names no event`);
    const rows = eventRows(question, event);
    const join = wordOf(exclusion.bool_op, ["and", "or"], `${at}.bool_op`) ?? "and";
    const own = segmentFilters(
      question,
      exclusion.property_filter_params_list,
      join,
      `${at}.property_filter_params_list`,
    );
    const where = everyOf([rows.where, own].filter((one) => one !== undefined));
    const { from, to } = exclusion.steps === undefined ? {} : clauseOf(exclusion.steps, `${at}.steps`);
    const after = numberIn(from, `${at}.steps.from`);
    const before = numberIn(to, `${at}.steps.to`);
    return {
      event: eventLabel(event),
      names: rows.names ?? "any",
      where,
      // The params count from 1.
      after: after === undefined ? undefined : after - 1,
      before: before === undefined ? undefined : before - 1,
    };
  });
}

export function reentryOf(behavior: Clause, path: string) {
  return wordOf(
    behavior.funnelReentryMode,
    ["default", "basic", "aggressive", "optimized"],
    `${path}.funnelReentryMode`,
  );
}

/** @throws Refusal 400 for what the sandbox does not count. */
export function countingOf(value: unknown, path: string): FunnelCounting {
  const measurement = clauseOf(value ?? {}, path);
  const math = wordOf(measurement.math, MATH, `${path}.math`) ?? "conversion_rate_unique";
  const counting = COUNTING[math];
  if (counting === undefined || (measurement.property !== undefined && measurement.property !== null)) {
    throw cannot("a property of a funnel's step");
  }
  return counting;
}

/** The conversion window of a funnel's behavior. */
export function conversionWindowOf(
  behavior: Clause,
  counting: FunnelCounting,
  path: string,
): { windowMs: number; windowSessions?: number } {
  const unit = wordOf(behavior.conversionWindowUnit, WINDOW_UNITS, `${path}.conversionWindowUnit`) ?? "day";
  const length = numberIn(behavior.conversionWindowDuration, `${path}.conversionWindowDuration`) ??
    (unit === "session" ? 1 : 14);
  if (!Number.isSafeInteger(length) || length < 1 || length > LARGEST_WINDOW[unit]) {
    throw new Refusal(
      400,
      `Invalid params: a conversion window is at most ${LARGEST_WINDOW[unit]} ${unit}s, not ${length}`,
    );
  }
  if (counting === "sessions" && unit !== "session") {
    throw new Refusal(400, 'Invalid params: session math requires conversionWindowUnit "session"');
  }
  if (unit === "session") return { windowMs: LARGEST_WINDOW.day * DAY_MS, windowSessions: length };
  return { windowMs: length * UNIT_MS[unit] };
}
