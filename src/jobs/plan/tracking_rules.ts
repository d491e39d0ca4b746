/** Holds events against a plan: is the event in it, has it what it must have, and of the right type? */
import { LongNumber } from "../../streams/json/json.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { PlanDefinition } from "./definition.ts";

/** An event as it is sent or exported. */
export interface PlannedEvent {
  event: string;
  properties: Readonly<Record<string, unknown>>;
}

export type ViolationKind =
  | "unknown_event"
  | "dropped_event"
  | "missing_property"
  | "wrong_type"
  | "wrong_value"
  | "unknown_property";

/** What is wrong with an event. */
export interface EventViolation {
  kind: ViolationKind;
  event: string;
  property?: string;
  /** In words: `is text, not a number`. */
  problem: string;
}

export interface TrackingRuleOptions {
  /** Properties that the plan does not have for an event are wrong too. */
  strict?: boolean;
}

/** What Mixpanel and its SDKs send by themselves is in nobody's plan. */
const OWN = /^(?:\$|mp_)/;
const OWN_PROPERTIES: ReadonlySet<string> = new Set(["time", "distinct_id", "token", "ip"]);

interface PropertyRule {
  types?: readonly string[];
  values?: readonly unknown[];
}

interface EventRule {
  isDropped: boolean;
  required: readonly string[];
  properties: ReadonlyMap<string, PropertyRule>;
}

/**
 * The check of a plan's events, compiled once. Events whose name begins with `$` are Mixpanel's own: they are only held
 * against the plan when it has them.
 */
export function trackingRules(
  definitions: readonly PlanDefinition[],
  { strict = false }: TrackingRuleOptions = {},
): (event: PlannedEvent) => EventViolation[] {
  const rules = new Map(definitions.filter(({ kind }) => kind === "events").map((one) => [one.name, ruleOf(one)]));
  return ({ event, properties }) => {
    const rule = rules.get(event);
    if (rule === undefined) {
      return OWN.test(event) ? [] : [{ kind: "unknown_event", event, problem: "is not in the plan" }];
    }
    const found: EventViolation[] = [];
    if (rule.isDropped) found.push({ kind: "dropped_event", event, problem: "is dropped by the plan, and still sent" });
    for (const property of rule.required) {
      if (properties[property] === undefined || properties[property] === null) {
        found.push({ kind: "missing_property", event, property, problem: "is required, and missing" });
      }
    }
    for (const [property, value] of Object.entries(properties)) {
      const own = rule.properties.get(property);
      if (own !== undefined) {
        const violation = violationOf(value, own);
        if (violation !== undefined) found.push({ event, property, ...violation });
      } else if (strict && !OWN.test(property) && !OWN_PROPERTIES.has(property)) {
        found.push({ kind: "unknown_property", event, property, problem: "is not in the plan" });
      }
    }
    return found;
  };
}

function ruleOf({ fields }: PlanDefinition): EventRule {
  const properties = isObject(fields.properties) ? Object.entries(fields.properties) : [];
  return {
    isDropped: fields.dropped === true,
    required: Array.isArray(fields.required) ? fields.required.map(String) : [],
    properties: new Map(properties.map(([name, one]) => [name, propertyRuleOf(isObject(one) ? one : {})])),
  };
}

function propertyRuleOf({ type, enum: values }: Readonly<Record<string, unknown>>): PropertyRule {
  return {
    types: type === undefined ? undefined : [type].flat().map(String),
    values: Array.isArray(values) ? values : undefined,
  };
}

const TYPE_WORDS: Record<string, string> = {
  array: "a list",
  boolean: "true or false",
  integer: "a whole number",
  null: "null",
  number: "a number",
  object: "an object",
  string: "text",
};

/** A property that is null counts as one that is missing, as in Mixpanel. */
function violationOf(
  value: unknown,
  { types, values }: PropertyRule,
): Pick<EventViolation, "kind" | "problem"> | undefined {
  if (value === null || value === undefined) return undefined;
  const own = typesOf(value);
  if (types !== undefined && !own.some((one) => types.includes(one))) {
    const wanted = types.map((one) => TYPE_WORDS[one] ?? one).join(" or ");
    return { kind: "wrong_type", problem: `is ${TYPE_WORDS[own[0]!]}, not ${wanted}` };
  }
  if (values === undefined || values.some((one) => String(one) === String(value))) return undefined;
  return { kind: "wrong_value", problem: `is none of ${values.map((one) => JSON.stringify(one)).join(", ")}` };
}

/** The JSON Schema types of a value; a whole number is a number too. */
function typesOf(value: unknown): string[] {
  if (Array.isArray(value)) return ["array"];
  if (typeof value === "bigint" || value instanceof LongNumber) return ["number", "integer"];
  if (typeof value === "number") return Number.isInteger(value) ? ["number", "integer"] : ["number"];
  return [typeof value];
}
