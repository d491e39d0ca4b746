/** Params of flows, as rules for the ways that people take. (facts 3.1) */
import type { AnchorStep, FlowRules } from "../../../analytics/flows/flow_rules.ts";
import { LARGEST_WINDOW } from "../../../analytics/funnels/funnel_rules.ts";
import { everyOf, ValueFilter } from "../../../analytics/rows/row_filters.ts";
import type { RowFilter } from "../../../analytics/rows/row_value.ts";
import type { SandboxCall } from "../../call.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { eventViewOf } from "../report.ts";
import { type Clause, clauseOf, clausesOf, listOf, numberIn, refuseUnknownKeys, textAt, wordOf } from "./clause.ts";
import { customEventRows, eventLabel, eventRows } from "./event_names.ts";
import { cohortTest, filtersOf, peopleValue } from "./filters.ts";
import { cannot } from "./metrics.ts";
import type { Question } from "./question.ts";
import { segmentFilters } from "./segment_filters.ts";
import { daysUntilNow, rangeOfDays, wholeRange } from "./time.ts";

const KEYS = new Set([
  ...["steps", "date_range", "chartType", "flows_merge_type", "count_type", "cardinality_threshold", "version"],
  ...["conversion_window", "anchor_position", "alignment", "collapse_repeated", "show_custom_events", "hidden_events"],
  ...["exclusions", "filter_by_cohort", "filter_by_event", "group_by", "aggregate_by", "data_group_id", "segments"],
  ...["time_percentiles_enabled", "name"],
]);
const STEP_KEYS = new Set([
  ...["event", "event_id", "custom_event", "session_event", "step_label", "forward", "reverse", "bool_op"],
  ...["property_filter_params_list"],
]);
const DAY_MS = 86_400_000;
const WINDOW_MS = { day: DAY_MS, week: 7 * DAY_MS, month: 30 * DAY_MS };
const DEFAULT_CARDINALITY = 3;

export interface FlowQuestion {
  question: Question;
  rules: FlowRules;
  /** How many branches are told for each step; the rest is one. */
  cardinality: number;
  /** Names of events that are not drawn. */
  hidden: ReadonlySet<string>;
  /** Labels of anchors that are custom events. */
  customEvents: ReadonlySet<string>;
}

/** @throws Refusal 400 for params of another form, and for what the sandbox cannot compute. */
export function flowQuestionOf(call: SandboxCall, params: Clause): FlowQuestion {
  refuseUnknownKeys(params, KEYS, "");
  for (const name of ["segments", "group_by", "aggregate_by"]) {
    if (listOf(params[name], name).length > 0) throw cannot(`flows with ${name}`);
  }
  if ((params.data_group_id ?? null) !== null) throw cannot("flows of groups");
  const days = daysOf(call, clauseOf(params.date_range, "date_range"));
  const question = { call, view: eventViewOf(call), range: rangeOfDays(call, days), limit: Infinity };
  const counting = wordOf(params.count_type, ["unique", "total", "session"], "count_type") ?? "unique";
  const cardinality = numberIn(params.cardinality_threshold, "cardinality_threshold") ?? DEFAULT_CARDINALITY;
  if (!(cardinality >= 1)) throw new Refusal(400, "Invalid params: cardinality_threshold must be above 0");
  const steps = clausesOf(params.steps, "steps");
  if (steps.length === 0) throw new Refusal(400, "Invalid params: steps is empty");
  const { timeZone } = question.range;
  return {
    question,
    rules: {
      anchors: steps.map((step, index) => anchorOf(question, step, `steps[${index}]`)),
      buckets: wholeRange(question.range),
      counting,
      ...windowOf(params, counting),
      collapsesRepeated: params.collapse_repeated === true,
      where: conditionOf(question, params),
      excluded: namesIn(params.exclusions, "exclusions"),
      sessions: { timeoutMs: 30 * 60_000, timeZone },
    },
    cardinality,
    hidden: new Set(namesIn(params.hidden_events, "hidden_events")),
    customEvents: new Set(steps.filter(({ custom_event }) => custom_event !== undefined).map(labelOf)),
  };
}

function anchorOf(question: Question, step: Clause, path: string): AnchorStep {
  refuseUnknownKeys(step, STEP_KEYS, path);
  const event = textAt(step.event, `${path}.event`);
  const custom = numberIn(step.custom_event, `${path}.custom_event`);
  const session = wordOf(step.session_event, ["start", "end"], `${path}.session_event`);
  if (event === undefined && custom === undefined && session === undefined) {
    throw new Refusal(400, `Invalid params: ${path} names no event`);
  }
  const rows = custom !== undefined
    ? customEventRows(question, custom)
    : session !== undefined
    ? {}
    : eventRows(question, event!);
  const join = wordOf(step.bool_op, ["and", "or"], `${path}.bool_op`) ?? "and";
  const own = segmentFilters(question, step.property_filter_params_list, join, `${path}.property_filter_params_list`);
  const where = everyOf([rows.where, own].filter((one) => one !== undefined));
  const count = (name: "forward" | "reverse") => {
    const steps = numberIn(step[name], `${path}.${name}`) ?? 0;
    if (!Number.isSafeInteger(steps) || steps < 0) {
      throw new Refusal(400, `Invalid params: ${path}.${name} must be a whole number`);
    }
    return steps;
  };
  return {
    label: labelOf(step),
    names: rows.names,
    where,
    session,
    forward: count("forward"),
    reverse: count("reverse"),
  };
}

function labelOf({ step_label, event, custom_event, session_event }: Clause): string {
  if (typeof step_label === "string" && step_label !== "") return step_label;
  if (typeof event === "string") return eventLabel(event);
  return session_event === undefined ? `$custom_event:${custom_event}` : `Session ${session_event}`;
}

function daysOf(call: SandboxCall, range: Clause) {
  const type = wordOf(range.type, ["in the last", "between"], "date_range.type") ?? "between";
  if (type === "in the last") return daysUntilNow(call, clauseOf(range.from_date, "date_range.from_date"));
  const fromDay = textAt(range.from_date, "date_range.from_date")?.slice(0, 10);
  const toDay = textAt(range.to_date, "date_range.to_date")?.slice(0, 10);
  const isDay = (text: string | undefined): text is string => /^\d{4}-\d\d-\d\d$/.test(text ?? "");
  if (!isDay(fromDay) || !isDay(toDay)) {
    throw new Refusal(400, "Invalid params: date_range needs from_date and to_date");
  }
  if (fromDay > toDay) throw new Refusal(400, "to_date cannot be before from_date");
  return { fromDay, toDay };
}

function windowOf(params: Clause, counting: string): Pick<FlowRules, "windowMs" | "withinSession"> {
  const window = params.conversion_window === undefined
    ? { unit: "day", value: 7 }
    : clauseOf(params.conversion_window, "conversion_window");
  const unit = wordOf(window.unit, ["day", "week", "month", "session"], "conversion_window.unit") ?? "day";
  const value = numberIn(window.value, "conversion_window.value") ?? 7;
  if (counting === "session" && unit !== "session") {
    throw new Refusal(400, 'Invalid params: count_type "session" requires conversion_window of the unit "session"');
  }
  if (!Number.isSafeInteger(value) || value < 1 || value > LARGEST_WINDOW[unit]) {
    throw new Refusal(
      400,
      `Invalid params: a conversion window is at most ${LARGEST_WINDOW[unit]} ${unit}s, not ${value}`,
    );
  }
  if (unit !== "session") return { windowMs: value * WINDOW_MS[unit] };
  if (value > 1) throw cannot("flows over several sessions");
  return { windowMs: Infinity, withinSession: true };
}

/** What all events of a flow have to meet. */
function conditionOf(question: Question, params: Clause): RowFilter | undefined {
  const conditions: RowFilter[] = [];
  if (isObject(params.filter_by_cohort)) {
    const isMember = cohortTest(question, params.filter_by_cohort);
    conditions.push(new ValueFilter(peopleValue(question), (id) => isMember(id as string)));
  }
  if (isObject(params.filter_by_event)) {
    const { children, operator } = params.filter_by_event;
    const filters = filtersOf(question, children, "filter_by_event.children", operator);
    if (filters !== undefined) conditions.push(filters);
  }
  return conditions.length === 0 ? undefined : everyOf(conditions);
}

/** Names of events, alone or as `{event}`. */
function namesIn(value: unknown, path: string): string[] {
  return listOf(value, path).map((item, index) => {
    const name = textAt(isObject(item) ? item.event : item, `${path}[${index}]`);
    if (name === undefined) throw new Refusal(400, `Invalid params: ${path}[${index}] names no event`);
    return name;
  });
}
