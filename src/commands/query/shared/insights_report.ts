/** A question about events as a report of insights: what its flags mean. */
import { z } from "zod";
import { choice } from "../../../api/params.ts";
import { inputError } from "../../../errors.ts";
import { checkFormula } from "../../../reports/formula.ts";
import type { Analysis, Conditions, Counted, InsightsReport, Measure, Metric } from "../../../reports/report.ts";
import { commonOf, reporting } from "./ask_flags.ts";
import { countedOf, measureOf, typedId } from "./ask_values.ts";

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
  if (math.length > 1 && math.length !== event.length) {
    throw inputError(
      `Cannot use ${math.length} --math for ${event.length} --event`,
      "give one for all events, or one for each in their order",
      "bad_flags",
    );
  }
  const measures = event.map((_, index) => measureOf(math[index] ?? math[0] ?? "total", per_user));
  const events: Metric[] = together && event.length > 0
    ? [{ kind: "event", of: countedTogether(event), measure: measures[0]! }]
    : event.map((name, index) => eventMetric(countedOf(name), measures[index]!));
  return [
    ...events,
    ...metric.map((one): Metric => ({ kind: "saved", id: typedId("--metric", one, "mp metrics list") })),
    ...cohort_size.map((one) => {
      const cohort = typedId("--cohort-size", one, "mp cohorts list");
      return eventMetric({ type: "cohort", id: cohort, name: `Cohort ${cohort}` }, { math: "unique" });
    }),
  ];
}

const eventMetric = (of: Counted, measure: Measure): Metric => ({ kind: "event", of, measure });

const countedTogether = (events: readonly string[]): Counted => ({
  type: "events",
  name: events.join(" or "),
  events: events.map((event) => ({ event })),
});

/** Filters of several events that count as one stand on each of them. */
function withFilter(metric: Metric, filter: Conditions | undefined): Metric {
  if (filter === undefined || metric.kind !== "event" || metric.of.type === "cohort") return metric;
  if (metric.of.type !== "events") return { ...metric, filter };
  return { ...metric, of: { ...metric.of, events: metric.of.events.map((one) => ({ ...one, filter })) } };
}

function analysisOf({ rolling, cumulative }: InsightsFlags): Analysis {
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
