/** A question about events as a report of insights: what its flags mean. */
import { z } from "zod";
import { choice } from "../../../api/params.ts";
import { inputError } from "../../../errors.ts";
import { checkFormula } from "../../../reports/formula.ts";
import type {
  Analysis,
  Conditions,
  Counted,
  EventMetric,
  InsightsReport,
  Measure,
  Metric,
} from "../../../reports/report.ts";
import { commonOf } from "./ask_flags.ts";
import { countedOf, measureOf, typedId } from "./ask_values.ts";
import { reporting } from "./reporting.ts";
import { joinedConditions, type TypedEvent, typedEvent } from "./typed_event.ts";

/** The flags that say what is counted of events. */
export const COUNTED = {
  math: z.array(z.string()).optional().meta({
    placeholder: "MATH[:PROPERTY]",
    description: "Count all events, the users who did them (unique), or a number of a property (default total)",
  }),
  per_user: choice(["total", "average", "min", "max", "unique_values"], "First aggregate each user's values so")
    .optional(),
  together: z.boolean().optional().meta({ description: "Count the events as one" }),
  formula: z.array(z.string()).optional().meta({
    placeholder: "FORMULA",
    description: "Calculate with the metrics, which are called A, B, C: B / A * 100",
  }),
};

/** What the flags of a question about events say. */
export interface InsightsFlags {
  event?: string[];
  math?: string[];
  per_user?: string;
  together?: boolean;
  metric?: string[];
  cohort_size?: string[];
  formula?: string[];
  unit?: InsightsReport["unit"];
  totals?: boolean;
  cumulative?: boolean;
  rolling?: number;
  where?: string;
  from_date?: string;
  to_date?: string;
}

/**
 * The report that the flags ask for.
 *
 * @param typedDays the range in words
 * @param isCompared the days are compared with others, so that they are named
 * @throws MpError (input)
 */
export function insightsReportOf(
  flags: InsightsFlags,
  typedDays: string | undefined,
  isCompared: boolean,
): InsightsReport {
  const metrics = metricsOf(flags);
  if (metrics.length === 0) {
    throw inputError(
      "Cannot ask about nothing: no report and no event is named",
      "name a saved report by its id, or an event with --event; 'mp events list' shows the names",
      "missing_argument",
    );
  }
  const { each, ...common } = commonOf(flags, typedDays, { isCompared });
  const formulas = flags.formula ?? [];
  for (const one of formulas) reporting("--formula", one, (text) => checkFormula(text, metrics.length));
  const operands = formulas.length === 0 ? metrics : metrics.map((one): Metric => ({ ...one, hidden: true }) as Metric);
  return {
    kind: "insights",
    ...common,
    metrics: [
      ...operands.map((one) => withFilter(one, each)),
      ...formulas.map((definition): Metric => ({ kind: "formula", definition, name: definition })),
    ],
    unit: flags.unit ?? "day",
    chart: flags.totals ? "bar" : "line",
    analysis: analysisOf(flags),
  };
}

function metricsOf(
  { event = [], math = [], per_user, together, metric = [], cohort_size = [] }: InsightsFlags,
): Metric[] {
  if (together && math.length > 1) {
    throw inputError(
      `Cannot use ${math.length} --math with --together: the events are counted as one`,
      "give one --math",
      "bad_flags",
    );
  }
  if (math.length > 1 && math.length !== event.length) {
    throw inputError(
      `Cannot use ${math.length} --math for ${event.length} --event`,
      "give one for all events, or one for each in their order",
      "bad_flags",
    );
  }
  const measures = event.map((_, index) => measureOf(math[index] ?? math[0] ?? "total", per_user));
  const typed = event.map((one) => typedEvent("--event", one));
  const events: Metric[] = together && typed.length > 0
    ? [{ kind: "event", of: countedTogether(typed), measure: measures[0]! }]
    : typed.map(({ name, filter }, index): Metric => ({
      ...eventMetric(countedOf(name), measures[index]!),
      ...(filter !== undefined && { filter, name: lineName(event[index]!, math[index] ?? math[0]) }),
    }));
  return [
    ...events,
    ...metric.map((one): Metric => ({ kind: "saved", id: typedId("--metric", one, "mp metrics list") })),
    ...cohort_size.map((one) => {
      const cohort = typedId("--cohort-size", one, "mp cohorts list");
      return eventMetric({ type: "cohort", id: cohort, name: `Cohort ${cohort}` }, { math: "unique" });
    }),
  ];
}

const eventMetric = (of: Counted, measure: Measure): EventMetric => ({ kind: "event", of, measure });

/** Lines of one event are told apart by their conditions, which Mixpanel's own names do not say. */
const lineName = (event: string, math = "total"): string => math === "total" ? event : `${event} [${math}]`;

const countedTogether = (events: readonly TypedEvent[]): Counted => ({
  type: "events",
  name: events.map(({ name }) => name).join(" or "),
  events: events.map(({ name: event, filter }) => ({ event, ...(filter !== undefined && { filter }) })),
});

/** Filters of several events that count as one stand on each of them. */
function withFilter(metric: Metric, filter: Conditions | undefined): Metric {
  if (filter === undefined) return metric;
  if (metric.kind !== "event" || metric.of.type === "cohort") {
    throw inputError(
      `Cannot use "or" in --where together with ${metric.kind === "event" ? "--cohort-size" : "--metric"}`,
      "join the conditions by and: alternatives stand on events alone",
      "bad_expression",
    );
  }
  const joined = (own: Conditions | undefined) => joinedConditions("--where", own, filter)!;
  if (metric.of.type !== "events") return { ...metric, filter: joined(metric.filter) };
  const events = metric.of.events.map((one) => ({ ...one, filter: joined(one.filter) }));
  return { ...metric, of: { ...metric.of, events } };
}

/**
 * What is made of the numbers over time.
 *
 * @throws MpError (input) for what excludes each other
 */
export function analysisOf({ rolling, cumulative, totals }: InsightsFlags): Analysis {
  if (totals && (rolling !== undefined || cumulative)) {
    throw inputError(
      `Cannot use --totals with ${cumulative ? "--cumulative" : "--rolling"}: that is for numbers over time`,
      "leave one of them out",
      "bad_flags",
    );
  }
  if (rolling !== undefined && cumulative) {
    throw inputError(
      "Cannot use --rolling with --cumulative: they exclude each other",
      "leave one of them out",
      "bad_flags",
    );
  }
  if (rolling !== undefined) return { kind: "rolling", window: rolling };
  return { kind: cumulative ? "cumulative" : "linear" };
}
