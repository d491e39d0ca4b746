/**
 * A report as the bookmark JSON of `POST /insights`, and back: `{sections, displayOptions, …}`. Which kind a bookmark is
 * follows from the behavior of its first clause.
 */
import { readConditions, writeConditions } from "./clauses.ts";
import { readMetric, writeMetric } from "./metrics.ts";
import { asObject, asObjects, others, present } from "./objects.ts";
import { readBreakdown, writeBreakdown } from "./properties.ts";
import { readRange, writeRange } from "./ranges.ts";
import type { Analysis, Comparison, Conditions, InsightsReport, Json, ReportUnit, SectionsReport } from "./report.ts";
import { readFunnel, readRetention, writeFunnel, writeRetention } from "./steps.ts";

const ROOT_KEYS = ["sections", "displayOptions", "timeComparison", "name"];
/** Formulas are clauses of `show`; the list of that name is deprecated, and empty. */
const SECTION_KEYS = ["show", "time", "filter", "group"];
const DISPLAY_KEYS = ["chartType", "plotStyle", "analysis", "rollingWindowSize", "value", "timeComparison"];

/**
 * The JSON of a report.
 *
 * @throws ExpressionError where a filter says what a report cannot.
 */
export function writeBookmark(report: SectionsReport): Json {
  const { name, range, unit, filter, breakdowns = [], comparison, raw = {} } = report;
  return {
    ...present({ name }),
    sections: {
      show: [...clausesOf(report), ...raw.clauses ?? []],
      time: [writeRange(range, unit)],
      filter: globalFilter(filter),
      group: breakdowns.map(writeBreakdown),
      ...(report.kind !== "insights" && { formula: [] }),
      ...raw.sections,
    },
    displayOptions: { chartType: report.chart, ...displayOf(report), ...raw.display },
    ...(comparison !== undefined && { timeComparison: comparison }),
    ...raw.root,
  };
}

function clausesOf(report: SectionsReport): Json[] {
  if (report.kind === "insights") return report.metrics.map(writeMetric);
  const { behavior, measurement } = report.kind === "funnel" ? writeFunnel(report) : writeRetention(report);
  const { raw = {} } = report;
  return [{
    type: "metric",
    ...raw.clause,
    behavior: { ...asObject(behavior), ...raw.behavior },
    measurement: { ...asObject(measurement), ...raw.measurement },
  }];
}

/** The list of the whole report is joined by `and`: what is joined by `or` stands on the events. */
export function globalFilter(filter: Conditions | undefined): Json[] {
  return writeConditions(filter).clauses.map((clause) =>
    // The server reads the key here, and fails without it.
    "customPropertyId" in clause || "customProperty" in clause ? { value: null, ...clause } : clause
  );
}

function displayOf(report: SectionsReport): Json {
  if (report.kind !== "insights") return {};
  const { analysis, stacked, relative } = report;
  return {
    plotStyle: stacked ? "stacked" : "standard",
    analysis: analysis.kind,
    ...(analysis.kind === "rolling" && { rollingWindowSize: analysis.window }),
    value: relative ? "relative" : "absolute",
  };
}

/** The report of a bookmark with `sections`; undefined for one of another form. */
export function readBookmark(params: Json): SectionsReport | undefined {
  const sections = asObject(params.sections);
  const display = asObject(params.displayOptions);
  const clauses = asObjects(sections.show);
  const [time] = asObjects(sections.time);
  const [first, ...more] = clauses;
  if (first === undefined || time === undefined || typeof display.chartType !== "string") return undefined;
  const filter = readConditions(asObjects(sections.filter));
  const breakdowns = asObjects(sections.group).map(readBreakdown);
  const common = {
    ...(typeof params.name === "string" && params.name !== "" && { name: params.name }),
    range: readRange(time),
    unit: (typeof time.unit === "string" ? time.unit : "day") as ReportUnit,
    ...present({ filter, comparison: comparisonOf(params.timeComparison ?? display.timeComparison) }),
    ...(breakdowns.length > 0 && { breakdowns }),
    chart: display.chartType,
  };
  const rest = {
    root: others(params, ROOT_KEYS),
    sections: others(sections, SECTION_KEYS),
    display: others(display, DISPLAY_KEYS),
  };
  const steps = readFunnel(first) ?? readRetention(first);
  if (steps !== undefined) {
    const raw = rawOf({ ...rest, ...steps.raw, clauses: more.length > 0 ? more : undefined });
    return { ...common, ...steps.parts, ...raw } as SectionsReport;
  }
  const insights: InsightsReport = {
    kind: "insights",
    ...common,
    metrics: clauses.map(readMetric),
    analysis: analysisOf(display),
    ...(display.plotStyle === "stacked" && { stacked: true }),
    ...(display.value === "relative" && { relative: true }),
    ...rawOf(rest),
  };
  return insights;
}

function rawOf(raw: NonNullable<SectionsReport["raw"]>): Pick<SectionsReport, "raw"> {
  const left = present(raw);
  return Object.keys(left).length === 0 ? {} : { raw: left };
}

function analysisOf({ analysis, rollingWindowSize }: Json): Analysis {
  if (analysis === "rolling" && typeof rollingWindowSize === "number") {
    return { kind: "rolling", window: rollingWindowSize };
  }
  return { kind: analysis === "logarithmic" || analysis === "cumulative" ? analysis : "linear" };
}

function comparisonOf(value: unknown): Comparison | undefined {
  const { type, value: of } = asObject(value);
  if (typeof of !== "string") return undefined;
  return type === "relative" || type === "absolute-start" || type === "absolute-end"
    ? { type, value: of } as Comparison
    : undefined;
}
