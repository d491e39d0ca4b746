/** References to properties, as a measurement, a filter or a group has them. (facts 2.5, 2.9) */
import type { RowValue } from "../../../analytics/rows/row_value.ts";
import { Refusal } from "../../refusal.ts";
import { customPropertyValue } from "../custom_property_value.ts";
import { propertyValueOf } from "../expressions.ts";
import { type Clause, textAt } from "./clause.ts";
import { customPropertyOf } from "./definitions.ts";
import type { Question } from "./question.ts";

/** Names of properties that are fields of the event. */
const EVENT_FIELDS: Readonly<Record<string, string>> = { $event_name: "name", $event: "name", $name: "name" };

/** The value that a reference has for each event; `named` is where the name of a plain property stands. */
export function referencedValue(
  question: Question,
  reference: Clause,
  named: "name" | "value",
  path: string,
): RowValue {
  const custom = customPropertyOf(question.call, reference, path);
  if (custom !== undefined) return customPropertyValue(question.call, question.view, custom);
  const name = textAt(reference[named] ?? reference.propertyName, `${path}.${named}`);
  if (name === undefined || name === "") throw new Refusal(400, `Invalid params: ${path} names no property`);
  return plainValue(question, name, resourceOf(reference.resourceType, path));
}

export function isOfCustomProperty(reference: Clause): boolean {
  return (reference.customPropertyId ?? reference.customProperty ?? undefined) !== undefined;
}

function plainValue({ call, view }: Question, name: string, resource: "events" | "people"): RowValue {
  if (resource === "people") return propertyValueOf(call, view, "user", name);
  const field = Object.hasOwn(EVENT_FIELDS, name) ? EVENT_FIELDS[name] : undefined;
  return field === undefined
    ? propertyValueOf(call, view, "properties", name)
    : propertyValueOf(call, view, "event", field);
}

/** Whose property it is. Both numbers are in use: `events`, and inside of custom properties `event`. */
function resourceOf(value: unknown, path: string): "events" | "people" {
  const text = textAt(value, `${path}.resourceType`) ?? "events";
  if (["people", "user", "users"].includes(text)) return "people";
  if (["events", "event", "other", "all", "cohorts", "cohort"].includes(text)) return "events";
  throw new Refusal(400, `Invalid params: ${path}.resourceType is "${text}"`);
}
