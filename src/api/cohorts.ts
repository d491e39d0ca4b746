/** Saved cohorts: people of whom something is true. Their members are found by a profile query. */
import { z } from "zod";
import { get, operation, post } from "./operation.ts";
import { anyId, jsonText, text, workspace } from "./params.ts";
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
