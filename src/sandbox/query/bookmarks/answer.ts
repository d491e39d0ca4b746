/** Answers to insights, funnels and retention: computed from params, as JSON or CSV. (facts 2.1) */
import { isObject } from "../../../streams/json/is_object.ts";
import type { SandboxCall } from "../../call.ts";
import { eventViewOf } from "../report.ts";
import { type Clause, clauseOf } from "./clause.ts";
import { funnelNumbers } from "./funnels.ts";
import { insightsNumbers } from "./project_metrics.ts";
import { checkKeys } from "./known_keys.ts";
import { cannot } from "./metrics.ts";
import type { Question } from "./question.ts";
import type { ReportNumbers } from "./report_numbers.ts";
import { retentionNumbers } from "./retention.ts";
import { showClauses } from "./show.ts";
import { dateRange, earlierRange, type TimeRange, timeRangeOf } from "./time.ts";

/** The answer's body. */
export interface ReportAnswer {
  computed_at: string;
  date_range: { from_date: string; to_date: string };
  headers: string[];
  series: Record<string, unknown>;
  time_comparison?: { date_range: { from_date: string; to_date: string }; series: Record<string, unknown> };
  meta: object;
}

/** @throws Refusal 400 for params of another form, and for what the sandbox cannot compute. */
export function answerParams(call: SandboxCall, params: Clause, limit: number): ReportAnswer {
  checkKeys(params);
  const sections = clauseOf(params.sections, "sections");
  const range = timeRangeOf(call, sections.time);
  const compute = (over: TimeRange) => numbersOf({ call, view: eventViewOf(call), range: over, limit }, params);
  const numbers = compute(range);
  const comparison = comparisonOf(params);
  const earlier = comparison && earlierRange(range, comparison);
  return {
    ...asAnswer(call, range, numbers),
    ...(earlier && { time_comparison: { date_range: dateRange(earlier), series: compute(earlier).series } }),
  };
}

/** Numbers with what all answers say of themselves. */
export function asAnswer(call: Pick<SandboxCall, "nowMs">, range: TimeRange, numbers: ReportNumbers): ReportAnswer {
  const { headers, series, isCut, metricKeys, subQueries } = numbers;
  return {
    computed_at: computedAt(call),
    date_range: dateRange(range),
    headers,
    series,
    meta: {
      is_segmentation_limit_hit: isCut,
      min_sampling_factor: 1,
      sub_query_count: subQueries,
      report_sections: {
        show: metricKeys.map((metric_key) => ({ metric_key })),
        group: headers.slice(1).map((value) => ({ value })),
      },
    },
  };
}

/** Now, with microseconds, as the servers have it. */
export function computedAt({ nowMs }: Pick<SandboxCall, "nowMs">): string {
  return new Date(nowMs).toISOString().replace("Z", "000+00:00");
}

/** One endpoint runs all kinds: the behavior of the first metric says which one it is. */
function numbersOf(question: Question, params: Clause): ReportNumbers {
  const sections = clauseOf(params.sections, "sections");
  const clauses = showClauses(question.call, sections);
  const parts = clauses.flatMap(({ behavior, measurement }) => [behavior, measurement]).filter(isObject);
  if (
    [sections.globalDataGroupId, sections.dataGroupId, ...parts.map(({ dataGroupId }) => dataGroupId)].some(isGiven)
  ) {
    throw cannot("reports of groups");
  }
  const types = clauses.map(({ behavior }) => isObject(behavior) ? behavior.type : undefined);
  const own = types.find((type) => type === "funnel" || type === "retention");
  // Beside other metrics they are one number.
  if (own === undefined || clauses.length > 1) return insightsNumbers(question, params);
  return own === "funnel"
    ? funnelNumbers(question, params, clauses[0]!)
    : retentionNumbers(question, params, clauses[0]!);
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== "";
}

/** Both places are in use. (facts 2.10) */
function comparisonOf(params: Clause): Clause | undefined {
  const { timeComparison: inDisplay } = clauseOf(params.displayOptions, "displayOptions");
  const comparison = params.timeComparison ?? inDisplay ?? undefined;
  if (comparison === undefined || (isObject(comparison) && Object.keys(comparison).length === 0)) return undefined;
  return clauseOf(comparison, "timeComparison");
}
