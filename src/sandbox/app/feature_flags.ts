/** Feature flags as they are managed. A write is a full replacement. */
import { randomUUID } from "../../runtime/hash.ts";
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { authorOf, type Authorship, authorshipOf, describeAuthorship, timestamp } from "./author.ts";
import { Body, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import { readRuleset, type Ruleset } from "./ruleset.ts";
import { savedExperiment } from "./saved_experiment.ts";

/** The kind of saved objects that flags are. */
export const FEATURE_FLAG = "feature_flag";

const FLAG_STATUSES = ["enabled", "disabled", "archived"] as const;
const SERVING_METHODS = ["client", "server", "remote_or_local", "remote_only"] as const;

/** What a request says of a flag. */
interface FlagSettings {
  name: string;
  key: string;
  description: string | null;
  tags: readonly string[];
  experiment_id: string | null;
  status: typeof FLAG_STATUSES[number];
  /** What a variant sticks to: the name of a field of the evaluation's context. */
  context: string;
  data_group_id: unknown;
  serving_method: typeof SERVING_METHODS[number];
  ruleset: Ruleset;
  is_experiment_active: boolean | null;
  /** 32 characters. */
  hash_salt: string;
}

/** A flag as it is saved. */
export interface SavedFlag extends FlagSettings, Authorship {
  id: string;
  enabledMs?: number;
  /** Since it was made, oldest first. */
  changes?: readonly FlagChange[];
}

interface FlagChange {
  timeMs: number;
  by: string;
}

const ALL = "/projects/{project_id}/workspaces/{workspace_id}/feature-flags";

export const featureFlags: Collection<SavedFlag> = new Collection({
  kind: FEATURE_FLAG,
  path: ALL,
  access: appUser,
  show: describe,
  select(call, members) {
    const withArchived = call.url.searchParams.get("include_archived") === "true";
    return members.filter(({ body: { status } }) => withArchived || status !== "archived");
  },
  create(call, body) {
    const settings = readSettings(call, body);
    const enabledMs = settings.status === "enabled" ? call.nowMs : undefined;
    return { ...settings, id: randomUUID(), ...authorshipOf(call), enabledMs };
  },
  // Others answer 201.
  createStatus: 200,
  idParameter: "flag_id",
  hasUuid: true,
  notFound: () => new Refusal(404, "Feature flag not found", { fields: { type: "NotFound" } }),
  changed: (call, flag) => ({
    ...flag,
    changes: [...flag.changes ?? [], { timeMs: call.nowMs, by: authorOf(call).email }],
  }),
  updateMethod: "PUT",
  update(call, body, before) {
    const settings = readSettings(call, body, before);
    const enabledMs = settings.status === "enabled" ? before.enabledMs ?? call.nowMs : undefined;
    return { ...settings, ...authorshipOf(call, before), enabledMs };
  },
});

/** Flags that a project may have. */
const MOST_FLAGS = 10;

export const featureFlagEndpoints: SandboxEndpoint[] = [
  ...featureFlags.endpoints(),
  featureFlags.action("POST", "/archive/", () => ({ status: "archived" })),
  featureFlags.action("DELETE", "/archive/", () => ({ status: "disabled" })),
  featureFlags.action("PUT", "/test-users/", async (call, { ruleset }) => {
    // Here a variant names its user; in the ruleset a user names the variant.
    const sent = (await readBody(call)).object("users");
    const users = Object.keys(sent?.fields ?? {}).map((variant) => [sent!.requiredText(variant), variant]);
    return { ruleset: { ...ruleset, test: { ...ruleset.test, users: Object.fromEntries(users) } } };
  }),
  featureFlags.action("PATCH", "", async (call, before) => {
    const { fields } = await readBody(call);
    const settings = readSettings(call, new Body({ ...settingsOf(before), ...fields }), before);
    const enabledMs = settings.status === "enabled" ? before.enabledMs ?? call.nowMs : undefined;
    return { ...settings, ...authorshipOf(call, before), enabledMs };
  }),
  {
    methods: ["POST"],
    path: `${ALL}/{flag_id}/duplicate/`,
    surface: appSurface,
    access: atLeast("analyst", appUser),
    respond: duplicate,
  },
  { methods: ["GET"], path: `${ALL}/{flag_id}/history/`, surface: appSurface, access: appUser, respond: history },
  {
    methods: ["GET"],
    path: "/projects/{project_id}/feature-flags/limits/",
    surface: appSurface,
    access: appUser,
    respond: (call) =>
      appAnswer({
        limit: MOST_FLAGS,
        is_trial: false,
        current_usage: featureFlags.members(call).filter(({ body }) => body.status !== "archived").length,
        contract_status: "active",
      }),
  },
  {
    methods: ["GET", "POST"],
    path: "/projects/{project_id}/feature-flags",
    surface: appSurface,
    access: appUser,
    respond() {
      throw new Refusal(400, "Workspace is required");
    },
  },
];

/** A copy under a key of its own, which is off and of no experiment. Mixpanel was seen to answer with an error to it. */
function duplicate(call: SandboxCall): Response {
  const { body: flag } = featureFlags.named(call);
  const taken = new Set(featureFlags.members(call).map(({ body }) => body.key));
  let key = `${flag.key}-copy`;
  for (let number = 2; taken.has(key); number++) key = `${flag.key}-copy-${number}`;
  const copy: SavedFlag = {
    ...settingsOf(flag),
    ...authorshipOf(call),
    id: randomUUID(),
    key,
    name: `${flag.name} (copy)`,
    status: "disabled",
    experiment_id: null,
    is_experiment_active: null,
    hash_salt: randomUUID().replaceAll("-", ""),
  };
  return featureFlags.shown(call, featureFlags.add(call, copy), 201);
}

const HISTORY_PAGE_SIZE = 20;

/** Newest first, each a list. What Mixpanel writes in it is not known: here it is when, who and what. */
function history(call: SandboxCall): Response {
  const { body: flag } = featureFlags.named(call);
  const { searchParams } = call.url;
  const size = Math.max(1, Number(searchParams.get("page_size")) || HISTORY_PAGE_SIZE);
  const start = Math.max(0, (Number(searchParams.get("page")) || 1) - 1) * size;
  const events = [
    [timestamp(flag.createdMs), flag.creator.email, "created"],
    ...(flag.changes ?? []).map(({ timeMs, by }) => [timestamp(timeMs), by, "updated"]),
  ].reverse();
  return appAnswer({ events: events.slice(start, start + size), count: events.length });
}

/** What may be written of a flag. */
function settingsOf(flag: SavedFlag): FlagSettings {
  return Object.fromEntries(
    Object.entries(flag).filter(([name]) => FIELDS.includes(name)),
  ) as unknown as FlagSettings;
}

const FIELDS = [
  ...["name", "key", "description", "tags", "experiment_id", "status", "context", "data_group_id", "serving_method"],
  ...["ruleset", "workspace_id", "is_experiment_active", "hash_salt", "reset_hash_salt"],
];

function readSettings(call: SandboxCall, body: Body, before?: SavedFlag): FlagSettings {
  body.allow(FIELDS);
  const key = body.requiredText("key", 255);
  if (featureFlags.members(call).some(({ body: flag }) => flag.key === key && flag.id !== before?.id)) {
    throw new Refusal(400, `A feature flag with key '${key}' already exists`, { fields: { type: "ValidationError" } });
  }
  const experimentId = body.text("experiment_id") ?? null;
  const experiment = experimentId === null ? undefined : savedExperiment(call, experimentId);
  if (experimentId !== null && experiment === undefined) throw body.refusal("experiment_id", "no such experiment");
  const tags = body.texts("tags");
  const servingMethod = body.choice("serving_method", SERVING_METHODS);
  const ruleset = body.object("ruleset");
  if (tags === undefined) throw body.refusal("tags", "this field is required");
  if (servingMethod === undefined) throw body.refusal("serving_method", "this field is required");
  if (ruleset === undefined) throw body.refusal("ruleset", "this field is required");
  return {
    name: body.requiredText("name", 255),
    key,
    description: body.text("description") ?? null,
    tags,
    experiment_id: experimentId,
    status: body.choice("status", FLAG_STATUSES) ?? "disabled",
    context: body.requiredText("context", 255),
    data_group_id: body.fields.data_group_id ?? null,
    serving_method: servingMethod,
    ruleset: readRuleset(ruleset),
    is_experiment_active: body.truth("is_experiment_active") ??
      (experiment === undefined ? null : experiment.status === "active"),
    hash_salt: readSalt(body, before),
  };
}

function readSalt(body: Body, before: SavedFlag | undefined): string {
  const given = body.text("hash_salt");
  if (given !== undefined && given.length !== 32) throw body.refusal("hash_salt", "must have 32 characters");
  const kept = body.truth("reset_hash_salt") === true ? undefined : given ?? before?.hash_salt;
  return kept ?? randomUUID().replaceAll("-", "");
}

function describe(call: SandboxCall, { body: flag }: Stored<SavedFlag>): Record<string, unknown> {
  const { creator: _creator, createdMs: _createdMs, modifier: _modifier, modifiedMs: _modifiedMs, ...rest } = flag;
  const { enabledMs, changes: _changes, ...settings } = rest;
  return {
    ...settings,
    workspace_id: call.project.workspaceId,
    project_id: call.project.id,
    project_name: call.project.name,
    content_type: "feature-flags",
    ...describeAuthorship(flag),
    enabled_at: enabledMs === undefined ? null : timestamp(enabledMs),
    deleted: null,
    can_view: true,
    can_update_basic: true,
    can_share: true,
    can_pin: true,
    is_superadmin: false,
    allow_staff_override: false,
    is_shared_with_project: true,
  };
}
