/** What a question names by its id: cohorts, custom events, custom properties, saved metrics. */
import type { RowValue } from "../../../analytics/rows/row_value.ts";
import type { SandboxCall } from "../../call.ts";
import { Refusal } from "../../refusal.ts";
import { USER_GROUP_KEY } from "../../store/profiles.ts";
import { cohortFilter } from "../cohorts.ts";
import { type Clause, clausesOf, numberAt } from "./clause.ts";
import type { Question } from "./question.ts";

/** Whether people are members, by the ids that they are known by. */
export type Membership = (distinctId: string) => boolean;

/** `{id, name, negated}` or `{raw_cohort, name, negated}`. */
export function cohortMembership(call: SandboxCall, cohort: Clause): Membership {
  const id = numberAt(cohort.id, "cohort.id");
  if (id === undefined) throw new Refusal(400, "the sandbox knows cohorts by their ids only: save this one first");
  const isMember = cohortFilter(call, id);
  return (distinctId) => isMember(call.store.profiles.get(call.project.id, USER_GROUP_KEY, distinctId) ?? {});
}

/** How many people a cohort has. */
export function cohortSize(call: SandboxCall, id: number): number {
  const isMember = cohortFilter(call, id);
  let size = 0;
  for (const { properties } of call.store.profiles.all(call.project.id)) if (isMember(properties)) size++;
  return size;
}

/** The events that a custom event stands for, as clauses with `event`; none when there is no such custom event. */
export function customEventAlternatives({ store, project }: SandboxCall, id: number): Clause[] {
  const saved = store.savedObjects.get<Clause>(project.id, "custom_event", id);
  return clausesOf(saved?.alternatives, "alternatives");
}

export function savedCustomProperty({ store, project }: SandboxCall, id: number): Clause {
  const saved = store.savedObjects.get<Clause>(project.id, "custom_property", id);
  if (saved === undefined) throw new Refusal(404, `Custom property ${id} not found`);
  return saved;
}

/** The value of a custom property: `{displayFormula, composedProperties}`. */
export function customPropertyValue(_question: Question, _definition: Clause): RowValue {
  throw new Refusal(400, "the sandbox does not compute custom properties");
}

/** `{name, type, definition}` of a saved metric, or of a saved behavior. */
export function savedDefinition({ store, project }: SandboxCall, kind: "metric" | "behavior", id: number): Clause {
  const saved = store.savedObjects.get<Clause>(project.id, kind, id);
  if (saved === undefined) throw new Refusal(404, `${kind === "metric" ? "Metric" : "Behavior"} ${id} not found`);
  return saved;
}
