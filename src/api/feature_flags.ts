/** Feature flags as they are managed: who gets which variant. A write is a full replacement. */
import { z } from "zod";
import { APP, del, get, operation, post, put } from "./operation.ts";
import { choice, text, truth, workspace } from "./params.ts";

const PATH = "/projects/{project_id}/workspaces/{workspace_id}/feature-flags";

/** The path of one flag. */
export const FLAG_PATH = `${PATH}/{flag_id}`;

/** The parameters that name one flag. */
export const oneFlag = {
  ...workspace,
  flag_id: text("Flag's id, from 'mp flags list'", { placeholder: "ID", completes: "flags" }),
};

const share = z.number().min(0).max(1);
const object = z.record(z.string(), z.unknown());

const variant = z.strictObject({
  key: z.string().min(1),
  /** JSON of any kind; a text of at most 32768 characters. */
  value: z.unknown().refine((value) => typeof value !== "string" || value.length <= 32_768, "longer than 32768"),
  description: z.string().nullish(),
  is_control: z.boolean(),
  split: share,
  is_sticky: z.boolean().optional(),
});

const rollout = z.strictObject({
  name: z.string().nullish(),
  rollout_percentage: share,
  variant_splits: z.record(z.string(), z.number()),
  cohort_definition: object.nullish(),
  cohort_hash: z.string().nullish(),
  runtime_evaluation_rule: object.nullish(),
  runtime_evaluation_definition: object.nullish(),
  runtime_event_rule: z.strictObject({
    event_name: z.string(),
    time_window: z.enum(["while_flag_enabled"]),
    duration: z.enum(["end_of_session", "indefinitely"]).nullish(),
    property_filters: object.nullish(),
  }).nullish(),
  variant_override: z.strictObject({ key: z.string() }).nullish(),
});

const MOST_VARIANTS = 11;

/** Which variants there are, and who gets them, as people write it. Ten variants and the control. */
export const ruleset = z.strictObject({
  variants: z.array(variant).max(MOST_VARIANTS),
  rollout: z.array(rollout),
  test: z.record(z.string(), z.record(z.string(), z.string())).nullish(),
});

/** As servers have it: what is not known here is written back as it was read. */
export const heldRuleset = z.looseObject({
  ...ruleset.shape,
  variants: z.array(z.looseObject(variant.shape)).max(MOST_VARIANTS),
  rollout: z.array(z.looseObject(rollout.shape)),
});

const TAG = { flag: "tag", placeholder: "TAG", description: "A tag" };

/** All fields of a write, with the workspace apart: in the body it is a field like any other. */
export const flagFields = {
  name: text("Name for people").max(255),
  key: text("Name for programs", { placeholder: "KEY" }).max(255),
  description: z.string().nullable().meta({ description: "What it is for" }).optional(),
  tags: z.array(z.string()).meta(TAG),
  status: choice(["enabled", "disabled", "archived"], "Whether it is served; default disabled").optional(),
  context: text("What a variant sticks to: distinct_id, device_id or a group key", {
    flag: "assignment-key",
    aliases: ["context"],
    placeholder: "NAME",
  }).max(255),
  serving_method: choice(["client", "server", "remote_or_local", "remote_only"], "Who evaluates it"),
  ruleset: heldRuleset.meta({ description: "Variants and rollout; see --data" }),
  experiment_id: text("Experiment that it serves", { placeholder: "ID" }).nullable().optional(),
  data_group_id: z.union([z.string(), z.number(), z.bigint()]).nullable()
    .meta({
      flag: "group-key-id",
      aliases: ["data-group-id"],
      placeholder: "ID",
      description: "For flags of groups: the id of the group key",
    }).optional(),
  is_experiment_active: z.boolean().nullable().meta({ description: "Whether its experiment is running" }).optional(),
  hash_salt: z.string().length(32).nullable().meta({ description: "Salt of the hash, 32 characters" }).optional(),
  reset_hash_salt: z.boolean().nullable().meta({ description: "Reassign everybody's variant" }).optional(),
};

/** A flag as servers show it. */
export const featureFlag = z.looseObject({
  id: z.string(),
  key: z.string(),
  name: z.string(),
  status: z.string().optional(),
  ruleset: z.looseObject({
    variants: z.array(z.looseObject({ key: z.string() })),
    rollout: z.array(z.looseObject({ rollout_percentage: z.number() })),
  }),
});

export type FeatureFlag = z.output<typeof featureFlag>;

export const listFlags = operation({
  id: "flags.list",
  summary: "list feature flags",
  routes: [get("app", PATH)],
  ...APP,
  params: z.object({ ...workspace, include_archived: truth("Also those that are archived").optional() }),
  result: z.array(featureFlag),
});

export const createFlag = operation({
  id: "flags.create",
  summary: "create a feature flag",
  routes: [post("app", PATH)],
  look: "mp flags list",
  ...APP,
  params: z.object({ ...workspace, ...flagFields }),
  result: featureFlag,
});

export const getFlag = operation({
  id: "flags.get",
  summary: "show a feature flag",
  routes: [get("app", FLAG_PATH)],
  ...APP,
  params: z.object(oneFlag),
  result: featureFlag,
});

export const updateFlag = operation({
  id: "flags.update",
  summary: "change a feature flag",
  routes: [put("app", FLAG_PATH)],
  look: "mp flags get {flag_id}",
  ...APP,
  repeatable: true,
  params: z.object({ ...oneFlag, ...flagFields }),
  result: featureFlag,
});

export const deleteFlag = operation({
  id: "flags.delete",
  summary: "delete a feature flag",
  routes: [del("app", FLAG_PATH)],
  look: "mp flags get {flag_id}",
  ...APP,
  params: z.object(oneFlag),
  result: z.unknown(),
});
