/** Experiments: draft → active → concluded → success or fail. */
import { appUser } from "../authentication.ts";
import { randomUUID } from "../../runtime/hash.ts";
import { definedFields } from "../../streams/json/defined_fields.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { atLeast } from "./access.ts";
import { authorshipOf, describeAuthorship, timestamp } from "./author.ts";
import { type Body, type JsonObject, readBody } from "./body.ts";
import { Collection, type Stored } from "./collection.ts";
import { featureFlags } from "./feature_flags.ts";
import { EXPERIMENT, EXPERIMENT_STATUSES, type ExperimentStatus, type SavedExperiment } from "./saved_experiment.ts";

const experiments = new Collection<SavedExperiment>({
  kind: EXPERIMENT,
  path: "/workspaces/{workspace_id}/experiments",
  access: appUser,
  show: describe,
  create: (call, body) => ({
    id: randomUUID(),
    name: body.requiredText("name", 255),
    status: "draft",
    ...authorshipOf(call),
    details: readDetails(body),
  }),
  idParameter: "experiment_id",
  hasUuid: true,
  isArchivable: true,
  notFound: () => new Refusal(404, "Experiment not found", { fields: { type: "NotFound" } }),
  update: (_call, body, { name, status, startDate, endDate, details }) => ({
    name: body.has("name") ? body.requiredText("name", 255) : name,
    status: body.choice("status", EXPERIMENT_STATUSES) ?? status,
    startDate: readDate(body, "start_date") ?? startDate,
    endDate: readDate(body, "end_date") ?? endDate,
    details: { ...details, ...readDetails(body) },
  }),
  changed(call, experiment) {
    tellFlags(call, experiment);
    return { ...experiment, ...authorshipOf(call, experiment) };
  },
});

export const experimentEndpoints: SandboxEndpoint[] = [
  ...experiments.endpoints(),
  experiments.action("PUT", "/launch", launch),
  experiments.action("PUT", "/force_conclude", conclude),
  experiments.action("PATCH", "/decide", decide),
  {
    methods: ["POST"],
    path: "/projects/{project_id}/experiments/{experiment_id}/duplicate",
    surface: appSurface,
    access: atLeast("analyst", appUser),
    respond: duplicate,
  },
  {
    methods: ["GET"],
    path: "/projects/{project_id}/experiments/erf/",
    surface: appSurface,
    access: appUser,
    respond: listResults,
  },
];

/** A draft of the same, without what has come of it. */
async function duplicate(call: SandboxCall): Promise<Response> {
  const { body: { name, details } } = experiments.named(call);
  const { results_cache: _results, exposures_cache: _exposures, ...plan } = details;
  const copy: SavedExperiment = {
    id: randomUUID(),
    name: (await readBody(call)).text("name", 255) ?? `${name} (copy)`,
    status: "draft",
    ...authorshipOf(call),
    details: plan,
  };
  return experiments.shown(call, experiments.add(call, copy), 201);
}

/** A list; what its members have is not known: here it is what is known of results. */
function listResults(call: SandboxCall): Response {
  return appAnswer(
    experiments.members(call).map(({ body: { id, name, details } }) => ({
      id,
      name,
      results: details.results_cache ?? {},
    })),
  );
}

function launch(call: SandboxCall, experiment: SavedExperiment): Partial<SavedExperiment> {
  requireStatus(experiment, ["draft"], "launch");
  return { status: "active", startDate: timestamp(call.nowMs) };
}

async function conclude(call: SandboxCall, experiment: SavedExperiment): Promise<Partial<SavedExperiment>> {
  requireStatus(experiment, ["active"], "conclude");
  return { status: "concluded", endDate: readDate(await readBody(call), "end_date") ?? timestamp(call.nowMs) };
}

async function decide(call: SandboxCall, experiment: SavedExperiment): Promise<Partial<SavedExperiment>> {
  const body = await readBody(call);
  const success = body.truth("success");
  if (success === undefined) throw body.refusal("success", "this field is required");
  requireStatus(experiment, ["concluded"], "decide");
  const results = { ...experiment.details.results_cache as JsonObject | undefined };
  for (const name of ["variant", "message"]) {
    const text = body.text(name);
    if (text !== undefined) results[name] = text;
  }
  return { status: success ? "success" : "fail", details: { ...experiment.details, results_cache: results } };
}

/** Flags that serve an experiment know whether it runs. */
function tellFlags(call: SandboxCall, { id, status }: SavedExperiment): void {
  for (const { id: number, body } of featureFlags.members(call)) {
    if (body.experiment_id !== id) continue;
    featureFlags.save(call, { id: number, body: { ...body, is_experiment_active: status === "active" } });
  }
}

function requireStatus({ status }: SavedExperiment, allowed: readonly ExperimentStatus[], action: string): void {
  if (allowed.includes(status)) return;
  throw new Refusal(400, `Cannot ${action} an experiment in status '${status}'`, {
    fields: { type: "ValidationError" },
  });
}

/** The fields that a request has, checked. */
function readDetails(body: Body): JsonObject {
  return definedFields<JsonObject>({
    description: body.text("description", 400),
    hypothesis: body.text("hypothesis"),
    global_access_type: body.text("global_access_type"),
    settings: body.object("settings")?.fields,
    variants: body.list("variants"),
    metrics: body.list("metrics"),
    exposures_cache: body.object("exposures_cache")?.fields,
    results_cache: body.object("results_cache")?.fields,
    tags: body.texts("tags"),
  });
}

function readDate(body: Body, name: string): string | undefined {
  const text = body.text(name);
  if (text !== undefined && Number.isNaN(Date.parse(text))) throw body.refusal(name, "must be a datetime");
  return text;
}

function describe(call: SandboxCall, { body: experiment }: Stored<SavedExperiment>): JsonObject {
  const { id, name, status, startDate, endDate, deletedMs } = experiment;
  const { global_access_type: _access, ...details } = experiment.details;
  const flag = featureFlags.members(call).find(({ body }) => body.experiment_id === id)?.body;
  return {
    description: null,
    hypothesis: null,
    variants: [],
    metrics: [],
    settings: {},
    exposures_cache: {},
    results_cache: {},
    tags: [],
    ...details,
    id,
    name,
    status,
    content_type: "experiments",
    ...describeAuthorship(experiment),
    start_date: startDate ?? null,
    end_date: endDate ?? null,
    deleted: deletedMs === undefined ? null : timestamp(deletedMs),
    feature_flag: flag === undefined ? null : { id: flag.id, key: flag.key, name: flag.name, status: flag.status },
    is_favorited: false,
    pinned_date: null,
    can_view: true,
    can_update_basic: true,
    can_update_restricted: true,
    can_update_visibility: true,
    can_share: true,
    is_superadmin: false,
    allow_staff_override: false,
    is_shared_with_project: true,
  };
}
