/** Saved cohorts: people of whom something is true. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
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

export const cohortEndpoints: SandboxEndpoint[] = [
  report("/cohorts/list", list, ["GET", "POST"]),
  report("/cohorts", create, ["POST"]),
];

function list(call: SandboxCall): Response {
  const { store, project } = call;
  const cohorts = store.savedObjects.list<SavedCohort>(project.id, COHORT);
  return jsonAnswer(cohorts.map(({ id, body }) => asListed(call, id, body)));
}

function asListed(call: SandboxCall, id: number, cohort: SavedCohort) {
  const { project } = call;
  return {
    count: countMembers(call, cohort),
    is_visible: cohort.isVisible === false ? 0 : 1,
    description: cohort.description ?? "",
    created: isoSeconds(cohort.createdMs ?? project.createdMs).replace("T", " "),
    project_id: project.id,
    // Of users, and of no group.
    data_group_id: null,
    id,
    name: cohort.name,
  };
}

/**
 * Saves a cohort. The reference leaves open what a filter's selector looks like, and what is answered: here it is an
 * expression, alone or under the name `where`, and the answer is the cohort as the list has it.
 */
function create(call: SandboxCall, fields: Fields): Response {
  const name = fields.requiredText("name");
  const filter = fields.json("filter");
  if (filter === undefined) throw new Refusal(400, "Missing required parameter: filter");
  const { selector } = isObject(filter) ? filter : {};
  const where = isObject(selector) ? selector.where : selector;
  if (typeof where !== "string") throw new Refusal(400, "Invalid parameter filter: its selector is no expression");
  profileFilter(call, where);
  const cohort: SavedCohort = { name, where, createdMs: call.nowMs, description: fields.text("description") };
  const { store, project } = call;
  const id = store.savedObjects.add(project.id, COHORT, cohort);
  return jsonAnswer(asListed(call, id, cohort));
}

/**
 * Whether a profile is a member of a cohort.
 *
 * @throws Refusal 400 when there is no such cohort.
 */
export function cohortFilter(call: SandboxCall, id: number): (properties: Record<string, unknown>) => boolean {
  const cohort = call.store.savedObjects.get<SavedCohort>(call.project.id, COHORT, id);
  if (cohort === undefined) throw new Refusal(400, `Cohort ${id} not found`);
  return profileFilter(call, cohort.where);
}

function countMembers(call: SandboxCall, { where }: SavedCohort): number {
  const isMember = profileFilter(call, where);
  let count = 0;
  for (const { properties } of call.store.profiles.all(call.project.id)) if (isMember(properties)) count++;
  return count;
}
