/** What a question names by its id, or defines in place: cohorts, custom events and properties, saved metrics. */
import { customEventAlternatives } from "../../app/custom_events.ts";
import { type ComputedProperty, computedProperty, savedCustomProperty } from "../../app/custom_properties.ts";
import { savedBehavior, savedMetric } from "../../app/saved_metrics.ts";
import type { SandboxCall } from "../../call.ts";
import { Refusal } from "../../refusal.ts";
import { type CohortMembers, countMembers, rawCohortMembers, savedCohortMembers } from "../cohort_members.ts";
import { type Clause, clauseOf, numberIn } from "./clause.ts";

/** The members of `{id, name, negated}` or `{raw_cohort, name, negated}`; `negated` is left to the caller. */
export function cohortOf(call: SandboxCall, cohort: Clause): CohortMembers {
  if (cohort.raw_cohort !== undefined && cohort.raw_cohort !== null) return rawCohortMembers(call, cohort.raw_cohort);
  const id = numberIn(cohort.id, "cohort.id");
  if (id === undefined) throw new Refusal(400, "Invalid params: a cohort needs an id or a raw_cohort");
  return savedCohortMembers(call, id);
}

/** How many people a saved cohort has. */
export function cohortSize(call: SandboxCall, id: number): number {
  return countMembers(savedCohortMembers(call, id));
}

/** The events that a custom event stands for; none when there is no such custom event. */
export function alternativesOf(call: SandboxCall, id: number): readonly Clause[] {
  return (customEventAlternatives(call, id) ?? []) as readonly unknown[] as readonly Clause[];
}

/** The custom property that a reference is of: saved, or defined in place. Undefined for a plain property. */
export function customPropertyOf(call: SandboxCall, reference: Clause, path: string): ComputedProperty | undefined {
  const id = numberIn(reference.customPropertyId, `${path}.customPropertyId`);
  if (id !== undefined) {
    const saved = savedCustomProperty(call, id);
    if (saved === undefined) throw new Refusal(404, `Custom property ${id} not found`);
    return saved;
  }
  if (reference.customProperty === undefined || reference.customProperty === null) return undefined;
  return computedProperty(call, clauseOf(reference.customProperty, `${path}.customProperty`));
}

/** A saved metric, or a saved behavior. */
export function savedDefinition(
  call: SandboxCall,
  kind: "metric" | "behavior",
  id: number,
): { name: string; type: string; definition: Clause } {
  const saved = kind === "metric" ? savedMetric(call, id) : savedBehavior(call, id);
  if (saved === undefined) throw new Refusal(404, `${kind === "metric" ? "Metric" : "Behavior"} ${id} not found`);
  return saved;
}
