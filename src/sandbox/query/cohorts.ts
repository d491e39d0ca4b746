/** Saved cohorts: people of whom something is true. */
import type { Call } from "../call.ts";
import { type Endpoint, jsonAnswer } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { profileFilter } from "./expressions.ts";
import { report } from "./report.ts";

/** The kind of saved objects that cohorts are. */
export const COHORT = "cohort";

/** A cohort as it is saved, under its id. */
export interface SavedCohort {
  name: string;
  description?: string;
  /** What is true of a member's profile. */
  where: string;
  createdMs?: number;
  isVisible?: boolean;
}

export const cohortEndpoints: Endpoint[] = [report("/cohorts/list", list, ["GET", "POST"])];

function list(call: Call): Response {
  const { store, project } = call;
  const cohorts = store.savedObjects.list<SavedCohort>(project.id, COHORT).map(({ id, body }) => ({
    count: countMembers(call, body),
    is_visible: body.isVisible === false ? 0 : 1,
    description: body.description ?? "",
    created: new Date(body.createdMs ?? project.createdMs).toISOString().slice(0, 19).replace("T", " "),
    project_id: project.id,
    id,
    name: body.name,
  }));
  return jsonAnswer(cohorts);
}

/**
 * Whether a profile is a member of a cohort.
 *
 * @throws Refusal 400 when there is no such cohort.
 */
export function cohortFilter(call: Call, id: number): (properties: Record<string, unknown>) => boolean {
  const cohort = call.store.savedObjects.get<SavedCohort>(call.project.id, COHORT, id);
  if (cohort === undefined) throw new Refusal(400, `Cohort ${id} not found`);
  return profileFilter(call, cohort.where);
}

function countMembers(call: Call, { where }: SavedCohort): number {
  const isMember = profileFilter(call, where);
  let count = 0;
  for (const { properties } of call.store.profiles.all(call.project.id)) if (isMember(properties)) count++;
  return count;
}
