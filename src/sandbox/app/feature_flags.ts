/** Feature flags as they are managed. A write is a full replacement. */
import { randomUUID } from "../../runtime/hash.ts";
import type { Call } from "../call.ts";
import { appAnswer, type Endpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { app } from "../surfaces.ts";
import { appUser } from "../authentication.ts";
import { projectWorkspaceUser, requireRole } from "./access.ts";
import { type Author, authorOf, timestamp } from "./author.ts";
import { type Body, readBody } from "./body.ts";
import { EXPERIMENT, type SavedExperiment } from "./experiments.ts";
import { readRuleset, type Ruleset } from "./ruleset.ts";

/** The kind of saved objects that flags are. */
export const FEATURE_FLAG = "feature_flag";

export const FLAG_STATUSES = ["enabled", "disabled", "archived"] as const;
const SERVING_METHODS = ["client", "server", "remote_or_local", "remote_only"] as const;

/** What a request says of a flag. */
export interface FlagFacts {
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
export interface SavedFlag extends FlagFacts {
  id: string;
  creator: Author;
  createdMs: number;
  modifier: Author;
  modifiedMs: number;
  enabledMs?: number;
}

const ALL = "/projects/{project_id}/workspaces/{workspace_id}/feature-flags";
const ONE = `${ALL}/{flag_id}`;
const common = { surface: app, access: projectWorkspaceUser } as const;

export const featureFlagEndpoints: Endpoint[] = [
  { ...common, methods: ["GET"], path: ALL, respond: list },
  { ...common, methods: ["POST"], path: ALL, respond: create },
  { ...common, methods: ["GET"], path: ONE, respond: get },
  { ...common, methods: ["PUT"], path: ONE, respond: update },
  { ...common, methods: ["DELETE"], path: ONE, respond: remove },
  {
    methods: ["GET", "POST"],
    path: "/projects/{project_id}/feature-flags",
    surface: app,
    access: appUser,
    respond() {
      throw new Refusal(400, "Workspace is required");
    },
  },
];

/** All flags of a project, with the numbers that they are saved under. */
export function savedFlags(call: Call): { number: number; flag: SavedFlag }[] {
  return call.store.savedObjects.list<SavedFlag>(call.project.id, FEATURE_FLAG)
    .map(({ id, body }) => ({ number: id, flag: body }));
}

function list(call: Call): Response {
  const withArchived = call.url.searchParams.get("include_archived") === "true";
  const flags = savedFlags(call).map(({ flag }) => flag).filter(({ status }) => withArchived || status !== "archived");
  return appAnswer(flags.map((flag) => describe(call, flag)));
}

function get(call: Call): Response {
  return appAnswer(describe(call, found(call).flag));
}

/** Answers 200, where others answer 201. */
async function create(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const facts = readFacts(call, await readBody(call));
  const author = authorOf(call);
  const flag: SavedFlag = {
    ...facts,
    id: randomUUID(),
    creator: author,
    createdMs: call.nowMs,
    modifier: author,
    modifiedMs: call.nowMs,
    enabledMs: facts.status === "enabled" ? call.nowMs : undefined,
  };
  call.store.savedObjects.add(call.project.id, FEATURE_FLAG, flag);
  return appAnswer(describe(call, flag));
}

async function update(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const { number, flag: before } = found(call);
  const facts = readFacts(call, await readBody(call), before);
  const flag: SavedFlag = {
    ...before,
    ...facts,
    modifier: authorOf(call),
    modifiedMs: call.nowMs,
    enabledMs: facts.status === "enabled" ? before.enabledMs ?? call.nowMs : undefined,
  };
  call.store.savedObjects.put(call.project.id, FEATURE_FLAG, number, flag);
  return appAnswer(describe(call, flag));
}

function remove(call: Call): Response {
  requireRole(call, "analyst");
  const { number, flag } = found(call);
  call.store.savedObjects.delete(call.project.id, FEATURE_FLAG, number);
  return appAnswer({ id: flag.id });
}

function found(call: Call): { number: number; flag: SavedFlag } {
  const one = savedFlags(call).find(({ flag }) => flag.id === call.path.flag_id);
  if (one === undefined) throw new Refusal(404, "Feature flag not found", { fields: { type: "NotFound" } });
  return one;
}

const FIELDS = [
  ...["name", "key", "description", "tags", "experiment_id", "status", "context", "data_group_id", "serving_method"],
  ...["ruleset", "workspace_id", "is_experiment_active", "hash_salt", "reset_hash_salt"],
];

function readFacts(call: Call, body: Body, before?: SavedFlag): FlagFacts {
  body.allow(FIELDS);
  const key = body.requiredText("key", 255);
  if (savedFlags(call).some(({ flag }) => flag.key === key && flag.id !== before?.id)) {
    throw new Refusal(400, `A feature flag with key '${key}' already exists`, { fields: { type: "ValidationError" } });
  }
  const experimentId = body.text("experiment_id") ?? null;
  const experiment = experimentId === null ? undefined : experimentOf(call, experimentId);
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

function experimentOf(call: Call, id: string): SavedExperiment | undefined {
  return call.store.savedObjects.list<SavedExperiment>(call.project.id, EXPERIMENT)
    .find(({ body }) => body.id === id)?.body;
}

function describe(call: Call, flag: SavedFlag): Record<string, unknown> {
  const { creator, createdMs, modifier, modifiedMs, enabledMs, ...facts } = flag;
  return {
    ...facts,
    workspace_id: call.project.workspaceId,
    project_id: call.project.id,
    project_name: call.project.name,
    content_type: "feature-flags",
    created: timestamp(createdMs),
    creator_id: creator.id,
    creator_name: creator.name,
    creator_email: creator.email,
    modified: timestamp(modifiedMs),
    last_modified_by_id: modifier.id,
    last_modified_by_name: modifier.name,
    last_modified_by_email: modifier.email,
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
