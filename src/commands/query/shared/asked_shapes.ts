/** How the answer to a report that was asked by its JSON is shown: what it holds is known, and need not be guessed. */
import type { Presentation } from "../../../cli/operation_command.ts";
import { type CohortRow } from "../../../output/cohort_table.ts";
import { comparedForms } from "../../../output/compared_series.ts";
import type { FunnelCount, FunnelSteps } from "../../../output/funnel_table.ts";
import type { Periods, PeriodUnit } from "../../../output/periods.ts";
import { seriesForms } from "../../../output/series.ts";
import type { SectionsReport } from "../../../reports/report.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { presentCohorts } from "./cohort_forms.ts";
import { presentFunnel, shareOf } from "./funnel_forms.ts";
import { datedValues, isDate, leavesOf, presentReport, shortDate, type Tree } from "./report_shapes.ts";

/** An answer, as far as it is shown. */
export interface AskedAnswer {
  series: Tree;
  headers?: readonly string[];
  date_range?: { from_date?: string; to_date?: string };
}

export interface AskedView {
  nowMs: number;
  curve?: boolean;
  /** The answer about other days, and those days. */
  compared?: { answer: AskedAnswer; from: string; to: string };
}

export function presentAsked(report: SectionsReport, answer: AskedAnswer, view: AskedView): Presentation {
  switch (report.kind) {
    case "funnel":
      return presentFunnel(funnelLists(answer.series, TREND.test(report.chart)), {
        segmentTitle: splitBy(report),
        periods: periodsOf(report, answer, view),
      });
    case "retention": {
      const { from, to } = periodsOf(report, answer, view);
      const rows = cohortRows(answer.series).sort((a, b) => a.date < b.date ? -1 : a.date > b.date ? 1 : 0);
      return presentCohorts({ rows, unit: report.interval, interval: 1, nowMs: view.nowMs }, {
        from,
        to,
        curve: view.curve === true,
        remark: report.unbounded === "none" ? undefined : LATER_COUNTS,
      });
    }
    case "insights":
      // A funnel among them, or what this program does not know: its answer tells what it is.
      if (view.compared === undefined && report.metrics.every(({ kind }) => kind === "raw")) {
        return presentReport(answer.series, answer.headers);
      }
      return OVER_TIME.has(report.chart) ? overTime(report, answer, view) : inTotal(answer);
  }
}

/** Charts of numbers over time; all others have totals. */
export const OVER_TIME: ReadonlySet<string> = new Set(["line", "column", "stacked-line", "stacked-column"]);

const LATER_COUNTS = "With --carry every value can still rise, and the older a cohort, the more time it has had";

const splitBy = ({ breakdowns: [first] = [] }: SectionsReport): string =>
  first?.kind === "property" ? first.property.name : first?.kind === "cohort" ? first.name : "segment";

/** The days are those of the answer, which knows the project's time zone. */
function periodsOf({ unit, range }: SectionsReport, { date_range = {} }: AskedAnswer, { nowMs }: AskedView): Periods {
  const asked = "from" in range ? range : undefined;
  return {
    unit: UNITS.includes(unit) ? unit as PeriodUnit : "day",
    nowMs,
    from: date_range.from_date?.slice(0, 10) ?? asked?.from,
    to: date_range.to_date?.slice(0, 10) ?? asked?.to,
  };
}

const UNITS: readonly string[] = ["minute", "hour", "day", "week", "month"] satisfies PeriodUnit[];

function overTime(report: SectionsReport & { kind: "insights" }, answer: AskedAnswer, view: AskedView): Presentation {
  const { compared } = view;
  const isSplit = isSplitMetric(answer) && (compared === undefined || isSplitMetric(compared.answer));
  const valuesOf = ({ series }: AskedAnswer) =>
    datedValues(leavesOf(series).map(({ path, value }) => ({ path: isSplit ? path.slice(1) : path, value })));
  const keyName = isSplit ? answer.headers?.slice(1).join(" · ") || "segment" : "metric";
  const options = { keyName, totals: canBeAdded(report), periods: periodsOf(report, answer, view) };
  const { dates, values } = valuesOf(answer);
  if (compared === undefined) return seriesForms(dates, values, options);
  const other = { ...valuesOf(compared.answer), from: compared.from, to: compared.to };
  return comparedForms({ dates, values: values as Numbers }, { ...other, values: other.values as Numbers }, options);
}

/** Whether an answer has segments of one metric: then its name, the same everywhere, is left out of theirs. */
function isSplitMetric({ series, headers = [] }: AskedAnswer): boolean {
  return headers.length > 1 && Object.keys(series).length === 1;
}

type Numbers = Record<string, Record<string, number | null>>;

/** Events and sums can be added up; users, averages and formulas cannot. */
function canBeAdded({ metrics, analysis }: SectionsReport & { kind: "insights" }): boolean {
  return analysis.kind === "linear" && metrics.every((one) => one.kind === "event" && one.measure.math === "total");
}

/** A row for each number, with a column for each level of keys. */
function inTotal(answer: AskedAnswer): Presentation {
  const { series, headers = [] } = answer;
  const levels = Math.max(1, headers.length);
  // Below the levels of the split stands "all", and below that the parts of a distribution or a summary.
  const leaves = leavesOf(series).map(({ path, value }) => ({
    path: path.filter((key, level) => key !== "all" || level === 0 || level < Math.min(levels, path.length - 1)),
    value,
  }));
  const deepest = Math.max(1, ...leaves.map(({ path }) => path.length));
  const names = Array.from({ length: deepest }, (_, level) => nameOfLevel(headers, level));
  const numbers = leaves.filter(({ value }) => typeof value === "number");
  return {
    rows: leaves.map(({ path, value }) => ({
      ...Object.fromEntries(names.map((name, level) => [name, path[level] ?? ""])),
      value,
    })),
    chart: numbers.length === 0 ? undefined : {
      kind: "bar",
      rows: numbers.map(({ path, value }) => ({
        label: path.slice(isSplitMetric(answer) ? 1 : 0).join(" · "),
        value: value as number,
        share: null,
      })),
    },
  };
}

function nameOfLevel(headers: readonly string[], level: number): string {
  if (level === 0) return "metric";
  return headers[level] ?? (level === headers.length ? "part" : `level_${level + 1}`);
}

/** Counts and ratios by step, below the funnel's name and segments; of a trend below a date, before them or after. */
export function funnelLists(node: unknown, isTrend: boolean, keys: readonly string[] = []): FunnelSteps[] {
  if (!isObject(node)) return [];
  // A segment may be called "count".
  if (isObject(node.count) && !("$overall" in node)) {
    const { date = "", segments } = isTrend ? splitKeys(keys.slice(1)) : { segments: keys.slice(1) };
    return stepLists(node as Record<string, Tree>, date, segments);
  }
  return Object.entries(node).flatMap(([key, inner]) => funnelLists(inner, isTrend, [...keys, key]));
}

/** Charts of funnels over time, as the web page calls them. */
const TREND = /^(line|column|stacked-(line|column)|funnel-trend)$/;

/** The date among the keys of a row, which is the last, or the first that looks like one: segments may, too. */
function splitKeys(keys: readonly string[]): { date?: string; segments: readonly string[] } {
  const at = isDate(keys.at(-1)) ? keys.length - 1 : keys.findIndex(isDate);
  return at < 0 ? { segments: keys } : { date: shortDate(keys[at]!), segments: keys.toSpliced(at, 1) };
}

/** `{count: {"1. A": {all: 90}}, step_conv_ratio: …}`; in place of `all` there may be segments. */
function stepLists(measures: Record<string, Tree>, date: string, outer: readonly string[]): FunnelSteps[] {
  const steps = Object.keys(measures.count ?? {});
  const inner = [...new Set(steps.flatMap((step) => Object.keys(objectAt(measures.count, step))))];
  return inner.map((key) => {
    const at = (measure: string, step: string) => numberAt(objectAt(measures[measure], step)[key]);
    const own = key === "all" ? outer : [...outer, key];
    const first = steps[0] === undefined ? undefined : at("count", steps[0]) ?? undefined;
    return {
      date,
      ...(own.length > 0 && { segment: own.join(" · ") }),
      steps: steps.map((step, index): FunnelCount => {
        const count = at("count", step) ?? 0;
        const before = index === 0 ? undefined : at("count", steps[index - 1]!) ?? undefined;
        return {
          name: step.replace(/^\d+\. /, ""),
          count,
          ofFirst: at("overall_conv_ratio", step) ?? shareOf(count, first),
          ofPrevious: index === 0 ? null : at("step_conv_ratio", step) ?? shareOf(count, before),
          seconds: at("avg_time", step),
          secondsFromFirst: at("avg_time_from_start", step),
        };
      }),
    };
  });
}

const objectAt = (tree: unknown, key: string): Tree => isObject(tree) && isObject(tree[key]) ? tree[key] : {};
const numberAt = (value: unknown): number | null => typeof value === "number" ? value : null;

/** Rows by date, below the report's name and segments. The average is taken here, over complete intervals alone. */
function cohortRows(node: unknown, keys: readonly string[] = []): CohortRow[] {
  if (!isObject(node) || keys.at(-1) === "$average") return [];
  if (!Array.isArray(node.counts) && typeof node.first !== "number") {
    return Object.entries(node).flatMap(([key, inner]) => cohortRows(inner, [...keys, key]));
  }
  const { date, segments } = splitKeys(keys.slice(1));
  return date === undefined ? [] : [{
    date,
    ...(segments.length > 0 && { segment: segments.join(" · ") }),
    people: numberAt(node.first),
    counts: Array.isArray(node.counts) ? node.counts.map(Number) : [],
  }];
}
