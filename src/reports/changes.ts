/** The same report with something else asked in it: other days, other breakdowns. What is not understood stays as it is. */
import { inputError } from "../errors.ts";
import { isObject } from "../streams/json/is_object.ts";
import { globalFilter } from "./bookmark.ts";
import { writeFlowFilters, writeFlowRange } from "./flows.ts";
import { asObject, asObjects, present } from "./objects.ts";
import { writeBreakdown } from "./properties.ts";
import { writeRange } from "./ranges.ts";
import type { Analysis, Breakdown, Conditions, FunnelReport, Json, ReportRange, ReportUnit } from "./report.ts";
import { writeExclusion, writeHeld } from "./steps.ts";

/** How the steps of a funnel are counted. */
export type FunnelChanges = Partial<
  Pick<FunnelReport, "order" | "window" | "math" | "reentry" | "holdingConstant" | "exclusions">
>;

export interface ReportChanges {
  range?: ReportRange;
  unit?: ReportUnit;
  /** Must hold too: joined by `and` with what the report has. */
  filter?: Conditions;
  /** In place of those that the report has. */
  breakdowns?: readonly Breakdown[];
  chart?: string;
  analysis?: Analysis;
  /** For the clause of a funnel; what is held constant or excluded comes to what is already. */
  funnel?: FunnelChanges;
}

/**
 * Params of either form, with `sections` or of flows.
 *
 * @throws ExpressionError for a filter that reports cannot say.
 * @throws MpError (input) for what flows have no place for.
 */
export function changedParams(params: Json, changes: ReportChanges): Json {
  return isObject(params.sections) ? changedSections(params, params.sections, changes) : changedFlows(params, changes);
}

function changedSections(params: Json, sections: Json, changes: ReportChanges): Json {
  const { range, unit, filter, breakdowns, chart, analysis } = changes;
  const [time = {}] = asObjects(sections.time);
  const display = asObject(params.displayOptions);
  const kept = (unit ?? time.unit ?? "day") as ReportUnit;
  return {
    ...params,
    sections: {
      ...sections,
      ...(range !== undefined && { time: [writeRange(range, kept)] }),
      ...(range === undefined && unit !== undefined && { time: [{ ...time, unit }] }),
      ...(filter !== undefined && { filter: [...asObjects(sections.filter), ...globalFilter(filter)] }),
      ...(breakdowns !== undefined && { group: breakdowns.map(writeBreakdown) }),
      ...(Array.isArray(sections.show) && { show: sections.show.map((clause) => changedClause(clause, changes)) }),
    },
    displayOptions: {
      ...(analysis === undefined ? display : analysedOtherwise(display, analysis)),
      ...present({ chartType: chart }),
    },
  };
}

function analysedOtherwise({ rollingWindowSize: _, ...display }: Json, analysis: Analysis): Json {
  return {
    ...display,
    analysis: analysis.kind,
    ...(analysis.kind === "rolling" && { rollingWindowSize: analysis.window }),
  };
}

function changedClause(clause: unknown, { unit, funnel = {} }: ReportChanges): unknown {
  const behavior = asObject(asObject(clause).behavior);
  if (behavior.type === "retention" && unit !== undefined) {
    return { ...asObject(clause), behavior: { ...behavior, retentionUnit: unit } };
  }
  if (behavior.type !== "funnel" || Object.keys(funnel).length === 0) return clause;
  const { order, window, math, reentry, holdingConstant = [], exclusions = [] } = funnel;
  return {
    ...asObject(clause),
    behavior: {
      ...behavior,
      ...(order !== undefined && {
        funnelOrder: order,
        behaviors: asObjects(behavior.behaviors).map((step) => ({ ...step, funnelOrder: order })),
      }),
      ...(window !== undefined && { conversionWindowDuration: window.length, conversionWindowUnit: window.unit }),
      ...present({ funnelReentryMode: reentry }),
      aggregateBy: [...asObjects(behavior.aggregateBy), ...holdingConstant.map(writeHeld)],
      exclusions: [...asObjects(behavior.exclusions), ...exclusions.map(writeExclusion)],
    },
    ...(math !== undefined && { measurement: { ...asObject(asObject(clause).measurement), math } }),
  };
}

function changedFlows(params: Json, { range, filter, breakdowns, ...others }: ReportChanges): Json {
  const [other] = Object.keys(others);
  if (other !== undefined) {
    throw inputError(
      `Cannot change the ${other} of flows: they have none`,
      "leave it out, or see 'mp help query flows'",
      "bad_flags",
    );
  }
  const added = writeFlowFilters(filter);
  if (added.filter_by_cohort !== undefined && isObject(params.filter_by_cohort)) {
    throw inputError(
      "Cannot add a cohort to these flows: they have one, and cannot have two",
      "print them with --print-params, change it, and ask with --params",
      "bad_flags",
    );
  }
  return {
    ...params,
    ...(range !== undefined && { date_range: writeFlowRange(range) }),
    ...(breakdowns !== undefined && { segments: breakdowns.map(writeBreakdown) }),
    ...added,
    ...(added.filter_by_event !== undefined && isObject(params.filter_by_event) && {
      filter_by_event: joinedFilters(params.filter_by_event, asObject(added.filter_by_event)),
    }),
  };
}

function joinedFilters(own: Json, added: Json): Json {
  if (own.operator === "or" && asObjects(own.children).length > 1) {
    throw inputError(
      'Cannot add a condition to these flows: theirs are joined by "or"',
      "print them with --print-params, change them, and ask with --params",
      "bad_expression",
    );
  }
  return { ...own, operator: "and", children: [...asObjects(own.children), ...asObjects(added.children)] };
}
