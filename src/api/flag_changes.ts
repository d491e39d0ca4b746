/** What can be done with a feature flag besides writing it as a whole. */
import { z } from "zod";
import { featureFlag, FLAG_PATH, flagFields, oneFlag } from "./feature_flags.ts";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { count } from "./params.ts";

const UNPUBLISHED = { ...APP, unpublished: "client" } as const;

const look = "mp flags get {flag_id}";

export const archiveFlag = operation({
  ...UNPUBLISHED,
  id: "flags.archive",
  summary: "archive a feature flag",
  routes: [post("app", `${FLAG_PATH}/archive/`)],
  look,
  repeatable: true,
  params: z.object(oneFlag),
  result: z.unknown(),
});

export const restoreFlag = operation({
  ...UNPUBLISHED,
  id: "flags.restore",
  summary: "restore an archived feature flag",
  routes: [del("app", `${FLAG_PATH}/archive/`)],
  look,
  repeatable: true,
  params: z.object(oneFlag),
  result: z.unknown(),
});

/** The real server answered 500 to it in March 2026. */
export const duplicateFlag = operation({
  ...APP,
  unpublished: "recorded",
  id: "flags.duplicate",
  summary: "make a copy of a feature flag",
  routes: [post("app", `${FLAG_PATH}/duplicate/`)],
  look: "mp flags list",
  params: z.object(oneFlag),
  result: featureFlag,
});

export const setTestUsers = operation({
  ...UNPUBLISHED,
  id: "flags.test_users",
  summary: "choose who gets which variant for tests, in place of those before",
  routes: [put("app", `${FLAG_PATH}/test-users/`)],
  look,
  repeatable: true,
  params: z.object({
    ...oneFlag,
    users: z.record(z.string(), z.string()).meta({ description: "The user's id, by the variant's key" }),
  }),
  result: z.unknown(),
});

export const flagHistory = operation({
  ...UNPUBLISHED,
  id: "flags.history",
  summary: "list the changes of a feature flag",
  routes: [get("app", `${FLAG_PATH}/history/`)],
  params: z.object({
    ...oneFlag,
    page: count("Page of the history").optional(),
    page_size: count("Changes in a page", { min: 1 }).optional(),
  }),
  result: z.looseObject({ events: z.array(z.unknown()), count: z.number().optional() }),
});

export const flagLimits = operation({
  ...UNPUBLISHED,
  id: "flags.limits",
  summary: "show how many flags the project has, and may have",
  routes: [get("app", "/projects/{project_id}/feature-flags/limits/")],
  params: z.object({}),
  result: z.looseObject({
    limit: z.number().nullish(),
    current_usage: z.number().nullish(),
    is_trial: z.boolean().nullish(),
    contract_status: z.string().nullish(),
  }),
});

export const patchFlag = operation({
  ...APP,
  unpublished: "one_client",
  id: "flags.patch",
  summary: "change some fields of a feature flag",
  routes: [patch("app", FLAG_PATH)],
  look,
  repeatable: true,
  params: z.object({ ...oneFlag, ...z.object(flagFields).partial().shape }),
  result: featureFlag,
});
