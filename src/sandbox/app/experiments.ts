/** Experiments: draft → active → concluded → success or fail. */
import { randomUUID } from "../../runtime/hash.ts";
import type { Call } from "../call.ts";
import { appAnswer, type Endpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { app } from "../surfaces.ts";
import { requireRole, workspaceUser } from "./access.ts";
import { type Author, authorOf, timestamp } from "./author.ts";
import { type Body, type Fields, readBody } from "./body.ts";
import { FEATURE_FLAG, type SavedFlag, savedFlags } from "./feature_flags.ts";

/** The kind of saved objects that experiments are. */
export const EXPERIMENT = "experiment";

const STATUSES = ["draft", "active", "concluded", "success", "fail"] as const;
type Status = typeof STATUSES[number];

/** An experiment as it is saved. */
export interface SavedExperiment {
  id: string;
  name: string;
  status: Status;
  creator: Author;
  createdMs: number;
  modifier: Author;
  modifiedMs: number;
  startDate?: string;
  endDate?: string;
  /** When it was archived. */
  deletedMs?: number;
  /** Description, hypothesis, variants, metrics and the like, as they were sent. */
  facts: Fields;
}

const ALL = "/workspaces/{workspace_id}/experiments";
const ONE = `${ALL}/{experiment_id}`;
const common = { surface: app, access: workspaceUser } as const;

export const experimentEndpoints: Endpoint[] = [
  { ...common, methods: ["GET"], path: ALL, respond: list },
  { ...common, methods: ["POST"], path: ALL, respond: create },
  { ...common, methods: ["GET"], path: ONE, respond: (call) => appAnswer(describe(call, found(call).experiment)) },
  { ...common, methods: ["PATCH"], path: ONE, respond: update },
  { ...common, methods: ["DELETE"], path: ONE, respond: remove },
  { ...common, methods: ["POST"], path: `${ONE}/archive`, respond: archive },
  { ...common, methods: ["DELETE"], path: `${ONE}/archive`, respond: unarchive },
  { ...common, methods: ["PUT"], path: `${ONE}/launch`, respond: launch },
  { ...common, methods: ["PUT"], path: `${ONE}/force_conclude`, respond: conclude },
  { ...common, methods: ["PATCH"], path: `${ONE}/decide`, respond: decide },
];

interface Found {
  number: number;
  experiment: SavedExperiment;
}

/** Archived ones are left out, but can be had by their ids. */
function list(call: Call): Response {
  const experiments = saved(call).map(({ experiment }) => experiment).filter(({ deletedMs }) =>
    deletedMs === undefined
  );
  return appAnswer(experiments.map((one) => describe(call, one)));
}

async function create(call: Call): Promise<Response> {
  requireRole(call, "analyst");
  const body = await readBody(call);
  const author = authorOf(call);
  const experiment: SavedExperiment = {
    id: randomUUID(),
    name: body.requiredText("name", 255),
    status: "draft",
    creator: author,
    createdMs: call.nowMs,
    modifier: author,
    modifiedMs: call.nowMs,
    facts: readFacts(body),
  };
  call.store.savedObjects.add(call.project.id, EXPERIMENT, experiment);
  return appAnswer(describe(call, experiment), 201);
}

async function update(call: Call): Promise<Response> {
  const { experiment, number } = found(call);
  const body = await readBody(call);
  return change(call, number, {
    ...experiment,
    name: body.has("name") ? body.requiredText("name", 255) : experiment.name,
    status: body.choice("status", STATUSES) ?? experiment.status,
    startDate: readDate(body, "start_date") ?? experiment.startDate,
    endDate: readDate(body, "end_date") ?? experiment.endDate,
    facts: { ...experiment.facts, ...readFacts(body) },
  });
}

function remove(call: Call): Response {
  requireRole(call, "analyst");
  const { number, experiment } = found(call);
  call.store.savedObjects.delete(call.project.id, EXPERIMENT, number);
  return appAnswer({ id: experiment.id });
}

function archive(call: Call): Response {
  const { number, experiment } = found(call);
  change(call, number, { ...experiment, deletedMs: experiment.deletedMs ?? call.nowMs });
  return appAnswer({ id: experiment.id });
}

function unarchive(call: Call): Response {
  const { number, experiment } = found(call);
  return change(call, number, { ...experiment, deletedMs: undefined });
}

function launch(call: Call): Response {
  const { number, experiment } = found(call);
  requireStatus(experiment, ["draft"], "launch");
  return change(call, number, { ...experiment, status: "active", startDate: timestamp(call.nowMs) });
}

async function conclude(call: Call): Promise<Response> {
  const { number, experiment } = found(call);
  requireStatus(experiment, ["active"], "conclude");
  const endDate = readDate(await readBody(call), "end_date") ?? timestamp(call.nowMs);
  return change(call, number, { ...experiment, status: "concluded", endDate });
}

async function decide(call: Call): Promise<Response> {
  const { number, experiment } = found(call);
  const body = await readBody(call);
  const success = body.truth("success");
  if (success === undefined) throw body.refusal("success", "this field is required");
  requireStatus(experiment, ["concluded"], "decide");
  const results = { ...experiment.facts.results_cache as Fields | undefined };
  for (const name of ["variant", "message"]) {
    const text = body.text(name);
    if (text !== undefined) results[name] = text;
  }
  const facts = { ...experiment.facts, results_cache: results };
  return change(call, number, { ...experiment, status: success ? "success" : "fail", facts });
}

/** Saves what an experiment has become; the flags that serve it hear of it. */
function change(call: Call, number: number, experiment: SavedExperiment): Response {
  requireRole(call, "analyst");
  const changed = { ...experiment, modifier: authorOf(call), modifiedMs: call.nowMs };
  call.store.savedObjects.put(call.project.id, EXPERIMENT, number, changed);
  for (const { number: flagNumber, flag } of savedFlags(call)) {
    if (flag.experiment_id !== experiment.id) continue;
    const told: SavedFlag = { ...flag, is_experiment_active: experiment.status === "active" };
    call.store.savedObjects.put(call.project.id, FEATURE_FLAG, flagNumber, told);
  }
  return appAnswer(describe(call, changed));
}

function requireStatus({ status }: SavedExperiment, allowed: readonly Status[], action: string): void {
  if (allowed.includes(status)) return;
  throw new Refusal(400, `Cannot ${action} an experiment in status '${status}'`, {
    fields: { type: "ValidationError" },
  });
}

function saved(call: Call): Found[] {
  return call.store.savedObjects.list<SavedExperiment>(call.project.id, EXPERIMENT)
    .map(({ id, body }) => ({ number: id, experiment: body }));
}

function found(call: Call): Found {
  const one = saved(call).find(({ experiment }) => experiment.id === call.path.experiment_id);
  if (one === undefined) throw new Refusal(404, "Experiment not found", { fields: { type: "NotFound" } });
  return one;
}

/** The fields that a request has, checked. */
function readFacts(body: Body): Fields {
  const facts: Fields = {
    description: body.text("description", 400),
    hypothesis: body.text("hypothesis"),
    global_access_type: body.text("global_access_type"),
    settings: body.object("settings")?.fields,
    variants: body.list("variants"),
    metrics: body.list("metrics"),
    exposures_cache: body.object("exposures_cache")?.fields,
    results_cache: body.object("results_cache")?.fields,
    tags: body.texts("tags"),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

function readDate(body: Body, name: string): string | undefined {
  const text = body.text(name);
  if (text !== undefined && Number.isNaN(Date.parse(text))) throw body.refusal(name, "must be a datetime");
  return text;
}

function describe(call: Call, experiment: SavedExperiment): Fields {
  const { id, name, status, creator, createdMs, modifier, modifiedMs, startDate, endDate, deletedMs } = experiment;
  const { global_access_type: _access, ...facts } = experiment.facts;
  const flag = savedFlags(call).find((one) => one.flag.experiment_id === id)?.flag;
  return {
    description: null,
    hypothesis: null,
    variants: [],
    metrics: [],
    settings: {},
    exposures_cache: {},
    results_cache: {},
    tags: [],
    ...facts,
    id,
    name,
    status,
    content_type: "experiments",
    created: timestamp(createdMs),
    creator_id: creator.id,
    creator_name: creator.name,
    creator_email: creator.email,
    modified: timestamp(modifiedMs),
    last_modified_by_id: modifier.id,
    last_modified_by_name: modifier.name,
    last_modified_by_email: modifier.email,
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
