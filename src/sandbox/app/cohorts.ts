/** Saved cohorts, as the App API makes, changes and deletes them. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import type { SandboxEndpoint } from "../endpoint.ts";
import { cohortMembers, countMembers } from "../query/cohort_members.ts";
import { COHORT, type SavedCohort } from "../query/saved_cohort.ts";
import { Refusal } from "../refusal.ts";
import { authorOf } from "./author.ts";
import type { Body } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";

const cohorts: Collection<SavedCohort> = new Collection({
  kind: COHORT,
  path: "/projects/{project_id}/cohorts",
  access: appUser,
  show: describe,
  select,
  create(call, body) {
    const name = body.requiredText("name");
    return { name, createdMs: call.nowMs, creator: authorOf(call), ...given(call, body) };
  },
  createStatus: 200,
  idParameter: "cohort_id",
  notFound: (id) => new Refusal(404, `Cohort ${id} not found`),
  update: (call, body, before) => ({ name: body.text("name") ?? before.name, ...given(call, body, before) }),
  changed: (call, member) => ({ ...member, editedMs: call.nowMs }),
  bulk: { ids: "cohort_ids", members: "cohorts" },
});

export const appCohortEndpoints: SandboxEndpoint[] = cohorts.endpoints();

/** What a body says besides the name. The definition stands at the top level: another place is not looked at. */
function given(call: SandboxCall, body: Body, before?: SavedCohort): Partial<SavedCohort> {
  const { fields } = body;
  const hasDefinition = ["selector", "behaviors", "groups"].some((name) => body.has(name));
  const definition = hasDefinition
    ? { selector: fields.selector, behaviors: fields.behaviors, groups: fields.groups }
    : { selector: before?.selector, behaviors: before?.behaviors, groups: before?.groups };
  if (hasDefinition) countMembers(cohortMembers(call, definition));
  return {
    ...definition,
    description: body.text("description") ?? before?.description,
    isVisible: body.truth("is_visible") ?? before?.isVisible,
    isLocked: body.truth("is_locked") ?? before?.isLocked,
    dataGroupId: (fields.data_group_id as string | null | undefined) ?? before?.dataGroupId,
  };
}

/** `ids=1,2` and `data_group_id`. */
function select(call: SandboxCall, members: Stored<SavedCohort>[]): Stored<SavedCohort>[] {
  const { searchParams } = call.url;
  const ids = searchParams.get("ids")?.split(",");
  const group = searchParams.get("data_group_id");
  return members.filter(({ id, body }) =>
    (ids === undefined || ids.includes(String(id))) && (group === null || String(body.dataGroupId ?? "") === group)
  );
}

function describe(call: SandboxCall, { id, body }: Stored<SavedCohort>) {
  const { selector, behaviors, groups } = body;
  return {
    id,
    name: body.name,
    description: body.description ?? "",
    count: countMembers(cohortMembers(call, body)),
    is_visible: body.isVisible ?? true,
    is_locked: body.isLocked ?? false,
    data_group_id: body.dataGroupId ?? null,
    last_edited: isoSeconds(body.editedMs ?? body.createdMs ?? call.project.createdMs),
    created_by: body.creator ?? null,
    referenced_by: [],
    referenced_directly_by: [],
    active_integrations: [],
    verified: false,
    last_queried: null,
    ...(selector === undefined ? {} : { selector }),
    ...(behaviors === undefined ? {} : { behaviors }),
    ...(groups === undefined ? {} : { groups }),
  };
}
