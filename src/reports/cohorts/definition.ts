/** The definition of a cohort, `{"selector": …, "behaviors": …}`, as the App API and `raw_cohort` have it. */
import { parseExpression } from "../../expressions/parse.ts";
import { printExpression } from "../../expressions/print.ts";
import { ExpressionError } from "../../expressions/syntax.ts";
import { isObject } from "../../streams/json/is_object.ts";
import { readConditions, writeConditions } from "../clauses.ts";
import { hasOnly, isId } from "../objects.ts";
import type { Json } from "../report.ts";
import {
  COHORT_MATHS,
  COHORT_UNITS,
  type CohortConditions,
  type CohortId,
  type CohortWindow,
  type DidCondition,
} from "./cohort.ts";
import { profileExpression, profileSelector } from "./profile_selector.ts";

/** What conditions on the events of a cohort are known to understand. */
const EVENT_OPERATORS: ReadonlySet<unknown> = new Set([
  ...["equals", "does not equal", "contains", "does not contain", "is greater than", "is less than", "is between"],
  ...["is set", "is not set", "true", "false"],
]);

/**
 * The definition of conditions. There is at least one.
 *
 * @throws ExpressionError for an expression that a cohort cannot say.
 */
export function cohortDefinition(conditions: CohortConditions): { selector: Json; behaviors: Json } {
  const { did, where, any } = conditions;
  const behaviors = did.map((one, index) => [`bhvr_${index}`, behaviorOf(one)]);
  const children = [
    ...did.map(({ operator, number }, index) => ({
      property: "behaviors",
      value: `bhvr_${index}`,
      operator,
      operand: number,
    })),
    ...(where === undefined ? [] : profileParts(where, any)),
    ...conditions.in.map((value) => ({ property: "cohort", value, operator: "in" })),
    ...conditions.notIn.map((value) => ({ property: "cohort", value, operator: "not in" })),
  ];
  return { selector: { operator: any ? "or" : "and", children }, behaviors: Object.fromEntries(behaviors) };
}

/** The parts of an expression that are joined as the whole is stand beside the other conditions. */
function profileParts(where: string, any: true | undefined): Json[] {
  const selector = profileSelector(where);
  return selector.operator === (any ? "or" : "and") && Array.isArray(selector.children)
    ? selector.children
    : [selector];
}

function behaviorOf({ event, during, where, measure }: DidCondition): Json {
  const selector = where === undefined ? {} : { selector: eventSelector(where) };
  const count = {
    type: "absolute",
    // Never `selector: null`, on which the server crashes.
    event_selector: { event, ...selector },
    ...(measure && { aggregationOperator: measure.math, property: measure.property }),
  };
  return "last" in during
    ? { window: { unit: during.unit, value: during.last }, count }
    : { from_date: during.from, to_date: during.to, count };
}

function eventSelector(where: string): Json {
  const { clauses: children, determiner } = writeConditions({ where });
  const strange = children.find(({ filterOperator }) => !EVENT_OPERATORS.has(filterOperator));
  if (strange !== undefined) {
    throw new ExpressionError({
      message: `Cohorts are not known to compare a property of an event by "${strange.filterOperator}": ` +
        "write > and <, or a range with >= and <=",
      start: 0,
      end: where.length,
    });
  }
  return { operator: determiner === "any" ? "or" : "and", children };
}

/** The conditions of a definition; undefined for one that says more than they can. */
export function cohortConditions({ selector, behaviors }: Json): CohortConditions | undefined {
  if (!isObject(selector)) return undefined;
  const children = Array.isArray(selector.children) ? selector.children : [selector];
  const operator = Array.isArray(selector.children) ? selector.operator : "and";
  if (operator !== "and" && operator !== "or") return undefined;
  const did: DidCondition[] = [];
  const [inCohorts, notIn]: [CohortId[], CohortId[]] = [[], []];
  const profile: unknown[] = [];
  for (const child of children) {
    if (!isObject(child)) return undefined;
    if (child.property === "behaviors") {
      const condition = didCondition(child, isObject(behaviors) ? behaviors : {});
      if (condition === undefined) return undefined;
      did.push(condition);
    } else if (child.property === "cohort") {
      if (!isId(child.value) || (child.operator !== "in" && child.operator !== "not in")) return undefined;
      (child.operator === "in" ? inCohorts : notIn).push(child.value);
    } else profile.push(child);
  }
  const where = profile.length === 0 ? undefined : joined(profile, operator);
  if (profile.length > 0 && where === undefined) return undefined;
  const any = operator === "or" && children.length > 1;
  return { ...(any && { any }), did, ...(where !== undefined && { where }), in: inCohorts, notIn };
}

function joined(nodes: readonly unknown[], operator: "and" | "or"): string | undefined {
  const text = profileExpression(nodes.length === 1 ? nodes[0] : { operator, children: [...nodes] });
  return text === undefined ? undefined : printExpression(parseExpression(text));
}

function didCondition({ value, operator, operand: number }: Json, behaviors: Json): DidCondition | undefined {
  const behavior = behaviors[String(value)];
  if (!isObject(behavior) || !isObject(behavior.count) || typeof number !== "number") return undefined;
  if (operator !== ">=" && operator !== "<=" && operator !== "==") return undefined;
  const { event_selector: events, aggregationOperator, property, type: _type, ...more } = behavior.count;
  const during = windowOf(behavior);
  if (during === undefined || !isObject(events) || typeof events.event !== "string") return undefined;
  if (Object.keys(more).length > 0 || !hasOnly(events, ["event", "selector"])) return undefined;
  const math = COHORT_MATHS.find((one) => one === aggregationOperator);
  if (aggregationOperator !== undefined && (math === undefined || typeof property !== "string")) return undefined;
  const where = events.selector === undefined || events.selector === null
    ? undefined
    : eventExpression(events.selector);
  if (where === null) return undefined;
  return {
    event: events.event,
    operator,
    number,
    during,
    ...(where !== undefined && { where }),
    ...(math !== undefined && { measure: { math, property: String(property) } }),
  };
}

/** Null for a selector that the language cannot say. */
function eventExpression(selector: unknown): string | null {
  if (!isObject(selector) || !Array.isArray(selector.children)) return null;
  const { where, raw, cohorts } = readConditions(selector.children, selector.operator === "or" ? "any" : "all") ?? {};
  return raw === undefined && cohorts === undefined && where !== undefined ? where : null;
}

function windowOf({ window, from_date: from, to_date: to }: Json): CohortWindow | undefined {
  if (isObject(window)) {
    const unit = COHORT_UNITS.find((one) => one === window.unit);
    return unit === undefined || typeof window.value !== "number" ? undefined : { last: window.value, unit };
  }
  return typeof from === "string" && typeof to === "string" ? { from, to } : undefined;
}
