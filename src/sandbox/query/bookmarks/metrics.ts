/** What a metric of insights computes. (facts 2.5) */
import type { EventMeasure } from "../../../analytics/measures/measure.ts";
import type { Statistic } from "../../../analytics/measures/statistics.ts";
import { timeBuckets } from "../../../analytics/time_buckets.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, numberIn, textAt, wordOf } from "./clause.ts";
import { referencedValue } from "./properties.ts";
import type { Question } from "./question.ts";

const MATH = [
  "total",
  "unique",
  "cumulative_unique",
  "sessions",
  "dau",
  "wau",
  "mau",
  "average",
  "median",
  "min",
  "max",
  "p25",
  "p75",
  "p90",
  "p99",
  "custom_percentile",
  "histogram",
  "unique_values",
  "most_frequent",
  "first_value",
  "multi_attribution",
  "numeric_summary",
] as const;
export type MathName = typeof MATH[number];

const LABELS: Readonly<Record<MathName, string>> = {
  total: "Total Events",
  unique: "Unique Users",
  cumulative_unique: "Cumulative Unique Users",
  sessions: "Total Sessions",
  dau: "DAU",
  wau: "WAU",
  mau: "MAU",
  average: "Average",
  median: "Median",
  min: "Minimum",
  max: "Maximum",
  p25: "25th Percentile",
  p75: "75th Percentile",
  p90: "90th Percentile",
  p99: "99th Percentile",
  custom_percentile: "Percentile",
  histogram: "Distribution",
  unique_values: "Distinct Count",
  most_frequent: "Most Frequent",
  first_value: "First Value",
  multi_attribution: "Attribution",
  numeric_summary: "Summary",
};
const ACTIVE_DAYS: Partial<Record<MathName, number>> = { dau: 1, wau: 7, mau: 30 };
const WITHOUT_PROPERTY: ReadonlySet<MathName> = new Set(["unique", "dau", "wau", "mau"]);
const NEED_PROPERTY: ReadonlySet<MathName> = new Set(MATH.slice(MATH.indexOf("average")));
const PER_USER = ["average", "max", "min", "total", "unique_values", "session_replay_id_value"] as const;

export interface MetricMath {
  math: MathName;
  measure: EventMeasure;
}

/** @throws Refusal 400 for what the servers refuse, and for what the sandbox cannot compute. */
export function metricMath(question: Question, value: unknown, path: string): MetricMath {
  const measurement = value === undefined || value === null ? {} : clauseOf(value, path);
  const math = wordOf(measurement.math, MATH, `${path}.math`) ?? "total";
  const perUser = wordOf(measurement.perUserAggregation, PER_USER, `${path}.perUserAggregation`);
  const property = measurement.property === undefined || measurement.property === null
    ? undefined
    : clauseOf(measurement.property, `${path}.property`);
  if (property === undefined) {
    if (NEED_PROPERTY.has(math)) throw new Refusal(400, `Invalid params: math "${math}" requires a property`);
    if (perUser !== undefined) throw new Refusal(400, "Invalid params: perUserAggregation requires a property");
    return { math, measure: countOf(question, math) };
  }
  if (WITHOUT_PROPERTY.has(math)) throw new Refusal(400, `Invalid params: math "${math}" takes no property`);
  if (math === "histogram" && perUser === undefined) {
    throw new Refusal(400, 'Invalid params: math "histogram" requires perUserAggregation');
  }
  const of = referencedValue(question, property, "name", `${path}.property`);
  const statistic = statisticOf(math, measurement, path);
  if (perUser === undefined) return { math, measure: { kind: "values", of, statistic } };
  if (perUser === "session_replay_id_value") throw cannot(`perUserAggregation "${perUser}"`);
  return { math, measure: { kind: "values_by_person", of, byPerson: { kind: perUser }, statistic } };
}

function countOf({ range }: Question, math: MathName): EventMeasure {
  const windowDays = ACTIVE_DAYS[math];
  if (windowDays !== undefined) {
    const fromDay = Temporal.PlainDate.from(range.fromDay).subtract({ days: windowDays - 1 }).toString();
    return { kind: "active_people", days: timeBuckets({ ...range, fromDay, unit: "day" }), windowDays };
  }
  switch (math) {
    case "unique":
      return { kind: "people" };
    case "cumulative_unique":
      return { kind: "people_so_far" };
    case "sessions":
      return { kind: "sessions", timeZone: range.timeZone };
    default:
      return { kind: "events" };
  }
}

function statisticOf(math: MathName, measurement: Clause, path: string): Statistic {
  const percentile = /^p(\d+)$/.exec(math);
  if (percentile !== null) return { kind: "percentile", percent: Number(percentile[1]) };
  switch (math) {
    case "median":
      return { kind: "percentile", percent: 50 };
    case "custom_percentile": {
      const percent = numberIn(measurement.percentile, `${path}.percentile`);
      if (percent === undefined || !(percent >= 0 && percent <= 100)) {
        throw new Refusal(400, `Invalid params: ${path}.percentile must be between 0 and 100`);
      }
      return { kind: "percentile", percent };
    }
    case "total":
    case "average":
    case "min":
    case "max":
    case "histogram":
    case "unique_values":
    case "most_frequent":
    case "first_value":
    case "numeric_summary":
      return { kind: math };
    default:
      throw cannot(`math "${math}"${math === "multi_attribution" ? "" : " of a property"}`);
  }
}

/** What the servers compute, and the sandbox does not. */
export function cannot(what: string): Refusal {
  return new Refusal(400, `the sandbox does not compute ${what}`);
}

/** `Total Events`; of a property `Average of amount`. */
export function mathLabel(math: MathName, measurement: unknown): string {
  const property = isObject(measurement) && isObject(measurement.property) ? measurement.property : undefined;
  const name = property && textAt(property.name, "measurement.property.name");
  if (property === undefined) return LABELS[math];
  return `${math === "total" ? "Sum" : LABELS[math]} of ${name || "custom property"}`;
}
