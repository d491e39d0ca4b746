/** Queries of user profiles, which go to the query hosts. */
import { z } from "zod";
import { get, operation, post } from "./operation.ts";
import {
  anyId,
  choice,
  count,
  epochSeconds,
  expression,
  jsonText,
  text,
  textList,
  truth,
  workspace,
} from "./params.ts";
import { QUERY_AUTH } from "./query_params.ts";

/** A page of profiles. `session_id` and `page` continue a query; later pages are free of the hourly limit. */
export const profilesPage = z.looseObject({
  results: z.array(z.looseObject({
    $distinct_id: anyId,
    $properties: z.record(z.string(), z.unknown()).default({}),
  })),
  page: z.number().optional(),
  page_size: z.number().optional(),
  session_id: z.string().nullish(),
  total: z.number().optional(),
  /** In the reference's standard answer, in place of the session. */
  pagination: z.looseObject({}).optional(),
});

/** What all queries of profiles have in common. */
const ENGAGE = { auth: QUERY_AUTH, quota: "query", body: { kind: "form" }, repeatable: true } as const;

export const queryProfiles = operation({
  ...ENGAGE,
  id: "query.engage",
  summary: "list user profiles, filtered by properties, cohort or behaviour",
  routes: [post("query", "/engage"), get("query", "/engage")],
  inQuery: ["workspace_id"],
  params: z.object({
    distinct_id: text("One user", { placeholder: "ID" }).optional(),
    distinct_ids: textList("Several users", { placeholder: "ID" }).optional(),
    where: expression('Only profiles where this holds, such as properties["plan"] == "pro"').optional(),
    output_properties: textList("Return only this property", {
      flag: "output-property",
      aliases: ["property"],
      placeholder: "NAME",
    }).optional(),
    filter_by_cohort: jsonText(z.looseObject({}), 'Only members of a cohort: {"id": 1234}', {
      lists: "mp cohorts list",
    }).optional(),
    include_all_users: truth("Also return cohort members without a profile").optional(),
    behaviors: jsonText(z.array(z.looseObject({})), "Behaviours that --where can name").optional(),
    as_of_timestamp: epochSeconds("Moment that --behaviors are counted at; default: now", {
      flag: "as-of",
      aliases: ["as-of-timestamp"],
    }).optional(),
    sort_key: text('What the list is sorted by, such as user["$last_seen"]', {
      placeholder: "EXPR",
      input: "expression",
    }).optional(),
    sort_order: choice(["ascending", "descending"], "In which order it is sorted").optional(),
    search: text("Only profiles that have this text in their name, address or id").optional(),
    data_group_id: text("Profiles of groups: the id of the group key", {
      flag: "group-key-id",
      aliases: ["data-group-id"],
      placeholder: "ID",
    }).optional(),
    session_id: text("Session of an earlier page").optional(),
    page: count("Page of that session, from 0").optional(),
    page_size: count("Profiles in a page, at most 1000", { min: 1, max: 1000 }).optional(),
    ...workspace,
  }),
  result: profilesPage,
});

/** One profile. The published endpoint answers with a page, the reference's with the profile itself. */
export const queryProfile = operation({
  ...ENGAGE,
  id: "query.engage.one",
  summary: "look a user profile up",
  routes: [post("query", "/engage"), get("query", "/engage/query")],
  params: z.object({ distinct_id: text("Whose profile", { placeholder: "ID" }) }),
  result: z.union([
    profilesPage,
    z.looseObject({
      $distinct_id: anyId,
      $properties: z.record(z.string(), z.unknown()),
    }),
  ]),
});
