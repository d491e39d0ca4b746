/** Whether everything is in a plan that its definitions refer to. */
import { type PlanDefinition, planPath } from "./definition.ts";
import { referencesIn } from "./references.ts";

/** References that lead nowhere. */
export function checkReferences(definitions: readonly PlanDefinition[]): { from: string; to: string }[] {
  const there = new Set(definitions.map(planPath));
  return definitions.flatMap((one) =>
    referencesIn(one.fields).filter((to) => !there.has(to)).map((to) => ({ from: planPath(one), to }))
  );
}
