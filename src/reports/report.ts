/**
 * A report is data: what people ask of Mixpanel as one typed value. From it come the JSON of its endpoints
 * (`bookmark.ts`, `flows.ts`), and back.
 *
 * Filters are texts of the segmentation language (`properties["plan"] == "pro"`). What Mixpanel's JSON can say and this
 * value cannot is kept as it came, in the lists called `raw`, so that nothing of a saved report is lost.
 */

/** A JSON object whose shape is Mixpanel's. */
export type Json = Record<string, unknown>;

export type Report = InsightsReport | FunnelReport | RetentionReport | FlowsReport;

/** A report that `POST /insights` answers, in a bookmark with `sections`. */
export type SectionsReport = InsightsReport | FunnelReport | RetentionReport;

export type RangeUnit = "hour" | "day" | "week" | "month" | "quarter" | "year";

/** Both days included, or so many units up to now, in the project's time zone. */
export type ReportRange =
  | { from: string; to: string }
  | { last: number; unit: RangeUnit }
  | { since: string }
  /** A form that is none of these. */
  | { raw: Json };

/** The width of a bucket; the last two put all hours, or all weekdays, together. */
export type ReportUnit =
  | "minute"
  | "hour"
  | "day"
  | "week"
  | "month"
  | "quarter"
  | "year"
  | "hour_of_day"
  | "day_of_week";

/** Which events count. */
export interface Conditions {
  /** An expression: conditions joined by `and`; by `or` with `any`. */
  where?: string;
  /** Conditions, cohorts and clauses are joined by `or`. */
  any?: true;
  cohorts?: readonly CohortCondition[];
  /** Clauses that the language cannot say. */
  raw?: readonly Json[];
}

/** Who is in a saved cohort, or who is not. */
export interface CohortCondition {
  id: number | bigint;
  name?: string;
  negated?: true;
}

export type PropertyType = "string" | "number" | "boolean" | "datetime" | "list";

/** A property of the event or of the user's profile, or a saved custom property by its id. */
export interface PropertyRef {
  /** Empty for a custom property. */
  name: string;
  source: "events" | "people";
  type: PropertyType;
  customPropertyId?: number | bigint;
}

export type Breakdown =
  | { kind: "property"; property: PropertyRef; buckets?: NumberBuckets }
  | { kind: "cohort"; id: number | bigint; name: string }
  | { kind: "raw"; clause: Json };

/** Widths of the ranges that a number is split into, from `min` to `max` where they are given. */
export interface NumberBuckets {
  size: number;
  min?: number;
  max?: number;
}

/** The same question about an earlier time, by Mixpanel itself. */
export type Comparison =
  | { type: "relative"; value: "day" | "week" | "month" | "quarter" | "year" }
  | { type: "absolute-start" | "absolute-end"; value: string };

interface Common {
  name?: string;
  range: ReportRange;
  /** What holds for all of its events. */
  filter?: Conditions;
  breakdowns?: readonly Breakdown[];
}

interface CommonSections extends Common {
  unit: ReportUnit;
  comparison?: Comparison;
  /** How Mixpanel draws it, which also decides between numbers over time (`line`) and totals. */
  chart: string;
  /** Keys of the root, `sections`, `displayOptions` and parts of the first clause that this value has no place for. */
  raw?: {
    root?: Json;
    sections?: Json;
    display?: Json;
    clause?: Json;
    behavior?: Json;
    measurement?: Json;
    clauses?: readonly Json[];
  };
}

export type Analysis =
  | { kind: "linear" | "logarithmic" | "cumulative" }
  /** An average over so many units. */
  | { kind: "rolling"; window: number };

export interface InsightsReport extends CommonSections {
  kind: "insights";
  /** In the order of the letters by which formulas call them. */
  metrics: readonly Metric[];
  analysis: Analysis;
  stacked?: true;
  /** In shares of the whole. */
  relative?: true;
}

export type Metric =
  | EventMetric
  | { kind: "saved"; id: number | bigint; name?: string; hidden?: true }
  | { kind: "formula"; definition: string; name?: string; hidden?: true }
  | { kind: "raw"; clause: Json };

export interface EventMetric {
  kind: "event";
  of: Counted;
  measure: Measure;
  filter?: Conditions;
  name?: string;
  /** Only for formulas. */
  hidden?: true;
}

/** What is counted. Several events count as one, each with filters of its own. */
export type Counted =
  | { type: "event"; event: string }
  | { type: "events"; name: string; events: readonly CountedEvent[] }
  | { type: "custom_event"; id: number | bigint }
  | { type: "cohort"; id: number | bigint; name: string };

export interface CountedEvent {
  event: string;
  filter?: Conditions;
}

/** What is made of the events: how many, how many people, or a number of a property. */
export interface Measure {
  math: string;
  property?: PropertyRef;
  /** First aggregates each person's values, then takes `math` over the people. */
  perUser?: string;
  /** With `custom_percentile`. */
  percentile?: number;
  cumulative?: true;
  /** An average over so many units. */
  rolling?: number;
}

/** An event of a funnel, of retention; `custom_event` by its id. */
export interface ReportStep {
  event: string;
  customEventId?: number | bigint;
  filter?: Conditions;
}

export type WindowUnit = "second" | "minute" | "hour" | "day" | "week" | "month" | "session";

export interface FunnelReport extends CommonSections {
  kind: "funnel";
  steps: readonly ReportStep[];
  /** In the order of the steps with others between, or in any order. */
  order: "loose" | "any";
  window: { length: number; unit: WindowUnit };
  math: string;
  property?: PropertyRef;
  /** From 1: the step that `property` is measured at. */
  stepIndex?: number;
  reentry?: "default" | "basic" | "aggressive" | "optimized";
  /** Properties that must have one value over all steps. */
  holdingConstant?: readonly PropertyRef[];
  /** Whoever did the event between two steps, counted from 1, is out. */
  exclusions?: readonly { event: string; from: number; to: number }[];
}

export interface RetentionReport extends CommonSections {
  kind: "retention";
  birth: ReportStep;
  returning: ReportStep;
  math: string;
  property?: PropertyRef;
  /** `birth`: by the first time; `compounded`: by every time; `addiction`: how often. */
  type: "birth" | "compounded" | "addiction";
  interval: "day" | "week" | "month";
  alignment: "birth" | "interval_start";
  unbounded: "none" | "carry_back" | "carry_forward" | "consecutive_forward";
  /** Ends of intervals of different length, rising. */
  buckets?: readonly number[];
  cumulative?: true;
}

export interface FlowsReport extends Common {
  kind: "flows";
  anchors: readonly FlowAnchor[];
  /** Columns of events, whole ways, or a tree. */
  shape: "sankey" | "paths" | "tree";
  count: "unique" | "total" | "session";
  window: { length: number; unit: "day" | "week" | "month" | "session" };
  /** How many branches a column shows before the others are put together. */
  cardinality: number;
  /** The same event several times in a row is one. */
  collapse?: true;
  hidden?: readonly string[];
  exclusions?: readonly string[];
  /** Keys that this value has no place for. */
  raw?: Json;
}

/** The event, or the start or end of a session, that ways lead from and to. */
export interface FlowAnchor {
  of: { event: string } | { customEventId: number | bigint } | { session: "start" | "end" };
  /** How many events after it and before it, 0 to 5. */
  forward: number;
  reverse: number;
  filter?: Conditions;
}
