/** Counts and distributions over all user profiles, computed by Mixpanel without paging. */
import { z } from "zod";
import { operation, post } from "./operation.ts";
import { epochSeconds, expression, jsonText, text, truth, workspace } from "./params.ts";
import { query } from "./query_params.ts";

/** `results` is a number, or an object of several: its shape depends on the action. */
export const profileStats = operation({
  id: "query.engage.stats",
  summary: "count user profiles, or summarize a property of them",
  routes: [post("query", "/engage/stats")],
  ...query,
  unpublished: "client",
  repeatable: true,
  projectIn: "json",
  inQuery: ["workspace_id"],
  params: z.object({
    action: text("What is computed: count(), extremes(…), percentile(…), numeric_summary(…)", { placeholder: "EXPR" })
      .default("count()"),
    selector: expression('Only profiles where this holds, such as user["plan"] == "pro"', { flag: "where" })
      .optional(),
    filter_by_cohort: jsonText(z.looseObject({}), 'Only members of a cohort: {"id": 1234}', {
      lists: "mp cohorts list",
    }).optional(),
    segment_by_cohorts: z.unknown().meta({ description: "Cohorts that split the result; only in --data" }).optional(),
    include_all_users: truth("Also count cohort members without a profile").optional(),
    as_of_timestamp: epochSeconds("Moment that the profiles are looked at; default: now", { flag: "as-of" }).optional(),
    data_group_id: text("Profiles of groups: the id of the group key", {
      flag: "group-key-id",
      placeholder: "ID",
    }).optional(),
    ...workspace,
  }),
  result: z.looseObject({ results: z.unknown(), computed_at: z.string().optional() }),
});
