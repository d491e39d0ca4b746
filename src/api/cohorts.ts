/** Saved cohorts: people of whom something is true. Their members are found by a profile query. */
import { z } from "zod";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { anyId, id, jsonText, text, truth, workspace } from "./params.ts";
import { query, QUERY_AUTH } from "./query_params.ts";

export const listCohorts = operation({
  id: "cohorts.list",
  summary: "saved cohorts and how many people are in them",
  routes: [post("query", "/cohorts/list"), get("query", "/cohorts/list")],
  ...query,
  body: { kind: "form" },
  inQuery: ["workspace_id"],
  repeatable: true,
  params: z.object({ ...workspace }),
  result: z.array(z.looseObject({
    id: anyId,
    name: z.string(),
    count: z.number().optional(),
    is_visible: z.union([z.number(), z.boolean()]).optional(),
    description: z.string().nullish(),
    created: z.string().optional(),
    project_id: anyId.optional(),
  })),
});

/** In the reference only; its answer is not described there. */
export const createCohort = operation({
  id: "cohorts.create",
  summary: "save a cohort",
  routes: [post("query", "/cohorts")],
  look: "mp cohorts list",
  auth: QUERY_AUTH,
  quota: "query",
  params: z.object({
    name: text("Name of the cohort"),
    project_id: anyId.meta({ description: "The project that it belongs to" }),
    filter: jsonText(
      z.looseObject({ type: z.string(), selector: z.unknown() }),
      'Who is in it: {"type": "user", "selector": {…}}',
      { input: "json" },
    ),
  }),
  result: z.looseObject({ id: anyId.optional(), name: z.string().optional() }),
});

const ALL = "/projects/{project_id}/cohorts";
const ONE = `${ALL}/{cohort_id}`;
const KNOWN = { ...APP, unpublished: "client" } as const;

export const cohortId = id("Id of a cohort, from 'mp cohorts list'", { completes: "cohorts" });
const one = { cohort_id: cohortId };

/** A cohort with its definition. */
export const definedCohort = z.looseObject({
  id: anyId,
  name: z.string(),
  description: z.string().nullish(),
  count: z.number().nullish(),
  is_visible: z.union([z.boolean(), z.number()]).nullish(),
  is_locked: z.union([z.boolean(), z.number()]).nullish(),
  last_edited: z.string().nullish(),
  created_by: z.looseObject({ name: z.string().nullish() }).nullish(),
  selector: z.unknown().optional(),
  behaviors: z.unknown().optional(),
});

const object = z.record(z.string(), z.unknown());

/** What can be changed of a cohort. The definition stands beside the name, and not in a place of its own. */
export const cohortChanges = {
  description: z.string().meta({ description: "What it is for" }).optional(),
  is_visible: truth("Show it in menus", { flag: "visible" }).optional(),
  is_locked: truth("Only its author and admins change it", { flag: "locked" }).optional(),
  data_group_id: z.union([z.string(), z.number(), z.bigint()]).meta({
    flag: "group-key-id",
    placeholder: "ID",
    description: "For cohorts of groups: the id of the group key",
  }).optional(),
  selector: object.meta({ description: "Who is in it, as a tree of conditions; see --data" }).optional(),
  behaviors: object.meta({ description: "What the conditions on behavior mean; see --data" }).optional(),
  groups: z.unknown().optional().meta({ description: "The newer form of a definition; see --data" }),
};

export const listDefinedCohorts = operation({
  id: "cohorts.list_defined",
  summary: "saved cohorts with their definitions",
  routes: [get("app", ALL)],
  ...KNOWN,
  params: z.object({
    ids: z.array(cohortId).optional().meta({ placeholder: "ID", description: "Id of a cohort", flag: "id" }),
    data_group_id: cohortChanges.data_group_id,
  }),
  result: z.array(definedCohort),
});

export const defineCohort = operation({
  id: "cohorts.define",
  summary: "save a cohort by what people did",
  routes: [post("app", ALL)],
  look: "mp cohorts list",
  ...KNOWN,
  params: z.object({ name: text("Name of the cohort"), ...cohortChanges }),
  result: definedCohort,
});

export const getCohort = operation({
  id: "cohorts.get",
  summary: "show a cohort and who is in it",
  routes: [get("app", ONE)],
  ...KNOWN,
  params: z.object(one),
  result: definedCohort,
});

export const updateCohort = operation({
  id: "cohorts.update",
  summary: "change a cohort",
  routes: [patch("app", ONE)],
  look: "mp cohorts get {cohort_id}",
  ...KNOWN,
  repeatable: true,
  params: z.object({ ...one, name: text("Name of the cohort").optional(), ...cohortChanges }),
  result: definedCohort,
});

export const updateCohorts = operation({
  id: "cohorts.bulk_update",
  summary: "change several cohorts",
  routes: [post("app", `${ALL}/bulk-update`)],
  look: "mp cohorts list --details",
  ...KNOWN,
  repeatable: true,
  params: z.object({ cohorts: z.array(z.looseObject({ id: cohortId })).min(1) }),
  result: z.unknown(),
});

export const deleteCohort = operation({
  id: "cohorts.delete",
  summary: "delete a cohort",
  routes: [del("app", ONE)],
  look: "mp cohorts get {cohort_id}",
  ...KNOWN,
  params: z.object(one),
  result: z.unknown(),
});

export const deleteCohorts = operation({
  id: "cohorts.bulk_delete",
  summary: "delete several cohorts",
  routes: [post("app", `${ALL}/bulk-delete`)],
  look: "mp cohorts list",
  ...KNOWN,
  params: z.object({ cohort_ids: z.array(cohortId).min(1) }),
  result: z.unknown(),
});
