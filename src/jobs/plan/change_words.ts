/** Changes of a plan in words, and as data for scripts. */
import { stringifyJson } from "../../streams/json/json.ts";
import { keyOf, planPath } from "./definition.ts";
import type { FieldDifference, PlanChange } from "./plan_differences.ts";

/** A change as JSON. */
export interface ListedChange {
  action: PlanChange["action"];
  kind: string;
  name: string;
  fields?: FieldDifference[];
}

export function listedChange(change: PlanChange): ListedChange {
  const definition = change.action === "delete" ? change.there : change.wanted;
  const { kind } = definition;
  const listed = { action: change.action, kind, name: keyOf(definition) };
  return change.action === "update" ? { ...listed, fields: change.fields } : listed;
}

const SIGNS = { create: "+", update: "~", delete: "-" } as const;
const LONGEST_VALUE = 60;

/** `~ cohorts/Payers`, and a line for each value that differs. */
export function changeLines(change: PlanChange): string[] {
  const path = planPath(change.action === "delete" ? change.there : change.wanted);
  const head = `${SIGNS[change.action]} ${path}`;
  if (change.action !== "update") return [head];
  return [head, ...change.fields.map((one) => `    ${one.path}: ${fieldWords(one)}`)];
}

function fieldWords(difference: FieldDifference): string {
  if (!("from" in difference)) return `set to ${shown(difference.to)}`;
  if (!("to" in difference)) return `${shown(difference.from)} removed`;
  return `${shown(difference.from)} → ${shown(difference.to)}`;
}

function shown(value: unknown): string {
  const text = stringifyJson(value);
  return text.length <= LONGEST_VALUE ? text : `${text.slice(0, LONGEST_VALUE - 1)}…`;
}
