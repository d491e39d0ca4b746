/** Clauses of `sections.show`, with what is saved put in its place. (facts 2.5 to 2.7) */
import type { SandboxCall } from "../../call.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, numberIn } from "./clause.ts";
import { savedDefinition } from "./definitions.ts";
import { cannot } from "./metrics.ts";

/** @throws Refusal 400 when there is no clause, or one of a kind that the sandbox cannot compute. */
export function showClauses(call: SandboxCall, sections: Clause): Clause[] {
  const clauses = clausesOf(sections.show, "sections.show");
  if (clauses.length === 0) throw new Refusal(400, "Invalid params: sections.show is empty");
  return clauses.map((clause, index) => resolvedClause(call, clause, `sections.show[${index}]`));
}

/** A clause in which a saved metric and a saved behavior have been replaced by what they are. */
export function resolvedClause(call: SandboxCall, clause: Clause, path: string): Clause {
  if (clause.type === "warehouse") throw cannot("metrics of a warehouse");
  if (clause.type !== undefined && clause.type !== "metric" && clause.type !== "formula") {
    throw new Refusal(400, `Invalid params: ${path}.type is "${clause.type}"`);
  }
  const resolved = withSavedMetric(call, clause);
  if (!isObject(resolved.behavior)) return resolved;
  return { ...resolved, behavior: withSavedBehavior(call, resolved.behavior) };
}

export function isFormula(clause: Clause): boolean {
  return clause.type === "formula" || (clause.type === undefined && clause.definition !== undefined);
}

function withSavedMetric(call: SandboxCall, clause: Clause): Clause {
  const id = numberIn(clause.id, "id");
  if (id === undefined || clause.behavior !== undefined || clause.definition !== undefined) return clause;
  const { name, type, definition } = savedDefinition(call, "metric", id);
  const overrides = isObject(clause.overrides) ? clause.overrides : {};
  return { ...clause, ...merged({ name, type, ...clauseOf(definition, "definition") }, overrides) as Clause };
}

function withSavedBehavior(call: SandboxCall, behavior: Clause): Clause {
  const id = numberIn(behavior.id, "behavior.id");
  const isSaved = id !== undefined && behavior.behaviors === undefined &&
    ["funnel", "retention", "simple"].includes(behavior.type as string);
  if (!isSaved) return behavior;
  const definition = clauseOf(savedDefinition(call, "behavior", id).definition, "definition");
  return merged(clauseOf(definition.behavior ?? definition, "definition.behavior"), behavior) as Clause;
}

/** Merges deeply, lists item by item. */
function merged(stored: unknown, over: unknown): unknown {
  if (Array.isArray(stored) && Array.isArray(over)) {
    const length = Math.max(stored.length, over.length);
    return Array.from({ length }, (_, index) => index in over ? merged(stored[index], over[index]) : stored[index]);
  }
  if (!isObject(stored) || !isObject(over)) return over;
  const entries = Object.entries(over).map(([key, value]) => [key, key in stored ? merged(stored[key], value) : value]);
  return { ...stored, ...Object.fromEntries(entries) };
}
