/** Flows as the bookmark JSON of `POST /arb_funnels`, and back: flat, with filters of the older grammar in its steps. */
import { readConditions, writeConditions } from "./clauses.ts";
import { asObject, asObjects, covers, isId, unsaid } from "./objects.ts";
import { readBreakdown, writeBreakdown } from "./properties.ts";
import type { CohortCondition, Conditions, FlowAnchor, FlowsReport, Json, RangeUnit, ReportRange } from "./report.ts";
import { readSegfilters, writeSegfilters } from "./segfilters.ts";

/** How each shape is called: as a chart, as a way of merging, and as the type of the query. */
export const FLOW_SHAPES = {
  sankey: { chart: "sankey", merge: "graph", query: "flows_sankey" },
  paths: { chart: "top-paths", merge: "list", query: "flows_top_paths" },
  tree: { chart: "sankey", merge: "tree", query: "flows" },
} as const;

/** @throws ExpressionError where a filter says what flows cannot. */
export function writeFlows(report: FlowsReport): Json {
  const { anchors, range, shape, count, window, cardinality, filter, breakdowns = [] } = report;
  return {
    steps: anchors.map(writeAnchor),
    date_range: writeFlowRange(range),
    chartType: FLOW_SHAPES[shape].chart,
    flows_merge_type: FLOW_SHAPES[shape].merge,
    count_type: count,
    cardinality_threshold: cardinality,
    version: 2,
    conversion_window: { unit: window.unit, value: window.length },
    anchor_position: 1,
    collapse_repeated: report.collapse === true,
    show_custom_events: true,
    hidden_events: [...report.hidden ?? []],
    exclusions: [...report.exclusions ?? []],
    ...writeFlowFilters(filter),
    ...(breakdowns.length > 0 && { segments: breakdowns.map(writeBreakdown) }),
    ...report.raw,
  };
}

/** The shape that params ask for, by their way of merging; by their chart where they say none. */
export function flowShape({ flows_merge_type, chartType }: Json): FlowsReport["shape"] {
  const merged = SHAPES.find((one) => FLOW_SHAPES[one].merge === flows_merge_type);
  return merged ?? (chartType === "top-paths" || chartType === "paths" ? "paths" : "sankey");
}

const SHAPES = Object.keys(FLOW_SHAPES) as FlowsReport["shape"][];

/** The report of flows params; undefined for params of another form. */
export function readFlows(params: Json): FlowsReport | undefined {
  const { steps, date_range, count_type, cardinality_threshold, conversion_window } = params;
  const anchors = asObjects(steps).map(readAnchor);
  const shape = flowShape(params);
  if (anchors.length === 0 || anchors.includes(undefined)) return undefined;
  const { unit, value } = asObject(conversion_window);
  const filter = readFlowFilter(params);
  const breakdowns = asObjects(params.segments).map(readBreakdown);
  const report: FlowsReport = {
    kind: "flows",
    anchors: anchors as FlowAnchor[],
    range: readFlowRange(asObject(date_range)),
    shape,
    count: (count_type ?? "unique") as FlowsReport["count"],
    window: {
      length: typeof value === "number" ? value : 7,
      unit: (unit ?? "day") as FlowsReport["window"]["unit"],
    },
    cardinality: typeof cardinality_threshold === "number" ? cardinality_threshold : 3,
    ...(filter !== undefined && { filter }),
    ...(breakdowns.length > 0 && { breakdowns }),
    ...(params.collapse_repeated === true && { collapse: true as const }),
    ...textsOf("hidden", params.hidden_events),
    ...textsOf("exclusions", params.exclusions),
  };
  const raw = unsaid(writeFlows(report), params);
  return raw === undefined ? report : { ...report, raw };
}

function textsOf<K extends string>(key: K, list: unknown): { [P in K]?: string[] } {
  const texts = Array.isArray(list) ? list.map(String) : [];
  return texts.length === 0 ? {} : { [key]: texts } as { [P in K]?: string[] };
}

function writeAnchor({ of, forward, reverse, filter }: FlowAnchor): Json {
  const { filters, operator } = writeSegfilters(filter);
  const named = "event" in of
    ? { event: of.event, step_label: of.event }
    : "session" in of
    ? { session_event: of.session }
    : { custom_event: of.customEventId };
  return { ...named, forward, reverse, bool_op: operator, property_filter_params_list: filters };
}

function readAnchor(step: Json): FlowAnchor | undefined {
  const { event, custom_event, session_event, forward, reverse, bool_op, property_filter_params_list } = step;
  const of: FlowAnchor["of"] | undefined = typeof event === "string"
    ? { event }
    : isId(custom_event)
    ? { customEventId: custom_event }
    : session_event === "start" || session_event === "end"
    ? { session: session_event }
    : undefined;
  if (of === undefined) return undefined;
  const filter = readSegfilters(property_filter_params_list, bool_op);
  return { of, forward: countOf(forward), reverse: countOf(reverse), ...(filter !== undefined && { filter }) };
}

const countOf = (value: unknown): number => typeof value === "number" ? value : 0;

/** The `date_range` of flows. */
export function writeFlowRange(range: ReportRange): Json {
  if ("raw" in range) return range.raw;
  if ("since" in range) return { type: "since", from_date: range.since };
  if ("last" in range) {
    return { type: "in the last", from_date: { unit: range.unit, value: range.last }, to_date: "$now" };
  }
  return { type: "between", from_date: range.from, to_date: range.to };
}

function readFlowRange(range: Json): ReportRange {
  const { type, from_date, to_date } = range;
  if (type === "between" && typeof from_date === "string" && typeof to_date === "string") {
    return { from: from_date, to: to_date };
  }
  if (type === "since" && typeof from_date === "string") return { since: from_date };
  const { unit, value } = asObject(from_date);
  return type === "in the last" && typeof value === "number" && typeof unit === "string"
    ? { last: value, unit: unit as RangeUnit }
    : { raw: range };
}

/** Conditions for all events, and one cohort: those of `sections`, with `propertyName` in place of `value`. */
export function writeFlowFilters(filter: Conditions | undefined): Json {
  if (filter === undefined) return {};
  const { cohorts = [], ...rest } = filter;
  const { clauses, determiner } = writeConditions(rest);
  const [cohort] = cohorts;
  return {
    ...(clauses.length > 0 && {
      filter_by_event: { operator: determiner === "any" ? "or" : "and", children: clauses.map(namedClause) },
    }),
    ...(cohort !== undefined && {
      filter_by_cohort: { id: cohort.id, name: cohort.name ?? "", negated: cohort.negated === true },
    }),
  };
}

function namedClause({ value, defaultType: _type, ...clause }: Json): Json {
  return { propertyName: value, ...clause };
}

/** Undefined also where it could not be written as it came: then it stays with what is not understood. */
function readFlowFilter({ filter_by_event, filter_by_cohort }: Json): Conditions | undefined {
  const { operator, children } = asObject(filter_by_event);
  const clauses = asObjects(children).map(({ propertyName, ...clause }) => ({ value: propertyName, ...clause }));
  const conditions = readConditions(clauses, operator === "or" ? "any" : "all");
  const { id, name, negated } = asObject(filter_by_cohort);
  const cohort: CohortCondition | undefined = isId(id)
    ? { id, ...(typeof name === "string" && name !== "" && { name }), ...(negated === true && { negated }) }
    : undefined;
  if (conditions?.cohorts !== undefined || conditions?.raw !== undefined) return undefined;
  if (cohort !== undefined && !covers({ id, name, negated: negated === true }, filter_by_cohort)) return undefined;
  if (conditions === undefined && cohort === undefined) return undefined;
  return { ...conditions, ...(cohort !== undefined && { cohorts: [cohort] }) };
}
