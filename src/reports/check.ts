/** What Mixpanel refuses, or answers with surprising numbers, is said before it is asked. */
import { inputError } from "../errors.ts";
import { nearest } from "../streams/nearest.ts";
import type {
  EventMetric,
  FlowsReport,
  FunnelReport,
  InsightsReport,
  Measure,
  Report,
  ReportRange,
  ReportUnit,
  RetentionReport,
} from "./report.ts";

const MOST_BREAKDOWNS = 5;
const FUNNEL_STEPS = { least: 2, most: 100 };
const MOST_HELD_CONSTANT = 3;
const MOST_FLOW_STEPS = 5;
/** The longest window of a funnel: a year and a day, whatever the unit. */
const LONGEST_WINDOW = { month: 12, week: 52, day: 367, hour: 8808, minute: 528_480, second: 31_708_800, session: 12 };

const USERS_MATH = ["unique", "dau", "wau", "mau"];
const NEEDS_PROPERTY = [
  ...["average", "median", "min", "max", "p25", "p75", "p90", "p99", "custom_percentile", "histogram", "unique_values"],
  ...["most_frequent", "first_value", "multi_attribution", "numeric_summary"],
];
const NO_PROPERTY = [...USERS_MATH, "cumulative_unique", "sessions"];
/** What can be made of the events of each kind of report. */
const MATH = {
  insights: ["total", ...NO_PROPERTY, ...NEEDS_PROPERTY],
  funnel: [
    ...["conversion_rate_unique", "conversion_rate_total", "conversion_rate_session", "unique", "total", "session"],
    ...["general", "conversion_rate", "average", "median", "min", "max", "p25", "p75", "p90", "p99", "histogram"],
  ],
  retention: ["retention_rate", "unique", "total", "average"],
} as const;

/** @throws MpError (input) that says what cannot be asked, and what to ask instead. */
export function checkReport(report: Report): void {
  const groups = report.breakdowns?.length ?? 0;
  if (groups > MOST_BREAKDOWNS) {
    throw refused(`split by ${groups} properties: a report has at most ${MOST_BREAKDOWNS}`, "leave some out");
  }
  switch (report.kind) {
    case "insights":
      return checkInsights(report);
    case "funnel":
      return checkFunnel(report);
    case "retention":
      return checkRetention(report);
    case "flows":
      return checkFlows(report);
  }
}

function checkInsights({ metrics, analysis, range, unit }: InsightsReport): void {
  const events = metrics.filter((one): one is EventMetric => one.kind === "event");
  for (const { measure } of events) checkMeasure(measure);
  const isRolling = analysis.kind === "rolling" || events.some(({ measure }) => measure.rolling !== undefined);
  const isCumulative = analysis.kind === "cumulative" || events.some(({ measure }) => measure.cumulative === true);
  if (isRolling && isCumulative) {
    throw refused("roll and accumulate the same numbers", "leave --rolling or --cumulative out");
  }
  const most = analysis.kind === "rolling" ? mostUnits(range, unit) : undefined;
  if (analysis.kind === "rolling" && most !== undefined && analysis.window > most) {
    throw refused(
      `average over ${analysis.window} ${unit}s: there are at most ${most} in these days`,
      "ask for more days, or write a smaller --rolling",
    );
  }
}

/** How many units a range can have, those that are cut at its ends included; undefined where it does not say. */
function mostUnits(range: ReportRange, unit: ReportUnit): number | undefined {
  const days = "from" in range
    ? Math.round((Date.parse(range.to) - Date.parse(range.from)) / DAY_MS) + 1
    : "last" in range
    ? range.last * (UNIT_DAYS[range.unit]?.most ?? 1)
    : undefined;
  const { least } = UNIT_DAYS[unit] ?? {};
  if (days === undefined || least === undefined) return undefined;
  return least <= 1 ? Math.ceil(days / least) : Math.ceil((days - 1) / least) + 1;
}

const DAY_MS = 86_400_000;
const UNIT_DAYS: Partial<Record<ReportUnit, { least: number; most: number }>> = {
  hour: { least: 1 / 25, most: 1 },
  day: { least: 1, most: 1 },
  week: { least: 7, most: 7 },
  month: { least: 28, most: 31 },
  quarter: { least: 90, most: 92 },
  year: { least: 365, most: 366 },
};

function checkMeasure({ math, property, perUser, percentile }: Measure): void {
  checkMath("insights", math);
  if (property === undefined && NEEDS_PROPERTY.includes(math)) {
    throw refused(`take the ${math} of nothing: it is that of a property`, `write --math ${math}:PROPERTY`);
  }
  if (property !== undefined && NO_PROPERTY.includes(math)) {
    throw refused(
      `count ${math} of a property: it counts users`,
      `write --math ${math}, or --math unique_values:${property.name} for how many values there are`,
    );
  }
  if (perUser !== undefined && property === undefined) {
    throw refused("take a number of each user without a property", "write --math average:PROPERTY");
  }
  if (math === "histogram" && perUser === undefined) {
    throw refused("draw a histogram of events: it is that of a number of each user", "add --per-user total");
  }
  if (math === "custom_percentile" && !(percentile !== undefined && percentile > 0 && percentile < 100)) {
    throw refused(
      percentile === undefined
        ? "take no percentile in particular"
        : `take percentile ${percentile}: not between 0 and 100`,
      "write --math p95:PROPERTY",
    );
  }
}

function checkMath(kind: keyof typeof MATH, math: string): void {
  const known: readonly string[] = MATH[kind];
  if (known.includes(math)) return;
  const near = math === "sum" ? "total:PROPERTY" : nearest(math, known);
  throw inputError(
    `Cannot use --math ${JSON.stringify(math)}: not one of ${known.join(", ")}`,
    near === undefined ? undefined : `did you mean --math ${near}?`,
    "bad_choice",
  );
}

function checkFunnel({ steps, window, math, exclusions = [], holdingConstant = [] }: FunnelReport): void {
  checkMath("funnel", math);
  if (steps.length < FUNNEL_STEPS.least || steps.length > FUNNEL_STEPS.most) {
    throw refused(
      `ask for a funnel of ${steps.length === 1 ? "one step" : `${steps.length} steps`}`,
      `it has ${FUNNEL_STEPS.least} to ${FUNNEL_STEPS.most}; a saved one is named by its id, see 'mp funnels list'`,
    );
  }
  const longest = LONGEST_WINDOW[window.unit];
  if (window.length < 1 || window.length > longest) {
    throw refused(
      `give people ${window.length} ${window.unit}s for it`,
      `write --within with 1 to ${longest} ${window.unit}s`,
    );
  }
  const isBySession = math === "session" || math === "conversion_rate_session";
  if (isBySession && window.unit !== "session") {
    throw refused(`count sessions with a window of ${window.length} ${window.unit}s`, "add --within 1session");
  }
  const outside = exclusions.find(({ from, to }) => !(from >= 1 && from < to && to <= steps.length));
  if (outside !== undefined) {
    throw refused(
      `exclude ${JSON.stringify(outside.event)} between steps ${outside.from} and ${outside.to}`,
      `the funnel has ${steps.length} steps: write --exclude 'EVENT:1-${steps.length}'`,
    );
  }
  if (holdingConstant.length > MOST_HELD_CONSTANT) {
    throw refused(
      `hold ${holdingConstant.length} properties constant: at most ${MOST_HELD_CONSTANT} can be`,
      "leave some out",
    );
  }
}

function checkRetention({ math, unit, buckets = [] }: RetentionReport): void {
  checkMath("retention", math);
  if (unit === "hour" || unit === "minute") throw refused("ask for retention by the hour", "add --unit day");
  if (buckets.some((size, index) => size <= (buckets[index - 1] ?? 0))) {
    throw refused(`use the intervals ${buckets.join(", ")}: their ends must rise`, "write --intervals 1,3,7,14");
  }
}

function checkFlows({ anchors, count, window, filter, exclusions }: FlowsReport): void {
  for (const { forward, reverse } of anchors) {
    if ([forward, reverse].some((steps) => steps < 0 || steps > MOST_FLOW_STEPS)) {
      throw refused(`show ${Math.max(forward, reverse)} steps of a flow`, `it has at most ${MOST_FLOW_STEPS} each way`);
    }
    if (forward + reverse === 0) throw refused("ask for a flow of no steps", "add --steps 3, or --before 3");
  }
  if (count === "session" && window.unit !== "session") {
    throw refused(`count sessions within ${window.length} ${window.unit}s`, "add --within 1session");
  }
  if ((filter?.cohorts?.length ?? 0) > 1) throw refused("ask for flows of several cohorts", "name one cohort");
  if (
    exclusions !== undefined && exclusions.some((one) => anchors.some(({ of }) => "event" in of && of.event === one))
  ) {
    throw refused("exclude the event that the flow is about", "name another event with --exclude");
  }
}

const refused = (what: string, hint: string): Error => inputError(`Cannot ${what}`, hint, "bad_report");
