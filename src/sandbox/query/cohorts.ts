/** Saved cohorts, as the query API lists and the reference saves them. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { cohortMembers, countMembers } from "./cohort_members.ts";
import { report } from "./report.ts";
import { COHORT, type SavedCohort } from "./saved_cohort.ts";

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
    count: countMembers(cohortMembers(call, cohort)),
    is_visible: cohort.isVisible === false ? 0 : 1,
    description: cohort.description ?? "",
    created: isoSeconds(cohort.createdMs ?? project.createdMs).replace("T", " "),
    project_id: project.id,
    // Of users, and of no group.
    data_group_id: cohort.dataGroupId ?? null,
    id,
    name: cohort.name,
  };
}

/**
 * Saves a cohort. The reference leaves open what a filter's selector looks like, and what is answered: here it is an
 * expression, alone or under the name `where`, or a tree as the App API has it, and the answer is the cohort as the
 * list has it.
 */
function create(call: SandboxCall, fields: Fields): Response {
  const name = fields.requiredText("name");
  const filter = fields.json("filter");
  if (filter === undefined) throw new Refusal(400, "Missing required parameter: filter");
  const { selector } = isObject(filter) ? filter : {};
  if (typeof selector !== "string" && !isObject(selector)) {
    throw new Refusal(400, "Invalid parameter filter: its selector is no expression");
  }
  cohortMembers(call, { selector });
  const cohort: SavedCohort = { name, selector, createdMs: call.nowMs, description: fields.text("description") };
  const { store, project } = call;
  const id = store.savedObjects.add(project.id, COHORT, cohort);
  return jsonAnswer(asListed(call, id, cohort));
}
