/** `/api/app/projects/{id}/warehouse-sources/imports`: imports from a warehouse. */
import { appUser } from "../authentication.ts";
import type { Call } from "../call.ts";
import { appAnswer, type Endpoint, jsonAnswer } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { app } from "../surfaces.ts";
import { parseJson } from "../../streams/json/json.ts";
import {
  broughtUpTo,
  historyOf,
  KINDS,
  newImport,
  rescheduled,
  scheduleOf,
  WAREHOUSE_IMPORT,
  type WarehouseImport,
  withRun,
} from "./imports.ts";

const IMPORTS = "/projects/{project_id}/warehouse-sources/imports";
const ONE = `${IMPORTS}/{import_id}`;
const imports = { surface: app, access: appUser } as const;

export const warehouseEndpoints: Endpoint[] = [
  { ...imports, methods: ["GET"], path: IMPORTS, respond: list },
  ...Object.keys(KINDS).map((kind): Endpoint => ({
    ...imports,
    methods: ["POST"],
    path: `${IMPORTS}/${kind}`,
    respond: (call) => create(call, kind),
  })),
  { ...imports, methods: ["GET"], path: ONE, respond: get },
  { ...imports, methods: ["PATCH"], path: ONE, respond: update },
  { ...imports, methods: ["DELETE"], path: ONE, respond: remove },
  { ...imports, methods: ["PUT"], path: `${ONE}/manual-sync`, respond: run },
  { ...imports, methods: ["GET"], path: `${ONE}/history`, respond: history },
];

interface Stored {
  id: number;
  body: WarehouseImport;
}

/** The list has less of each than a single one. */
function list(call: Call): Response {
  const all = call.store.savedObjects.list<WarehouseImport>(call.project.id, WAREHOUSE_IMPORT);
  return appAnswer(all.map(({ id, body }) => summary({ id, body: broughtUpTo(call.nowMs, body) })));
}

function get(call: Call): Response {
  return appAnswer(detail(found(call)));
}

async function create(call: Call, kind: string): Promise<Response> {
  requireAdmin(call);
  const body = newImport(await bodyOf(call), KINDS[kind]!, call.nowMs);
  const { principal } = call.access;
  const creator = principal.kind === "service_account"
    ? { id: principal.account.id, name: principal.account.username }
    : { id: 0, name: principal.kind === "oauth" ? principal.token.userEmail : "" };
  const made = broughtUpTo(call.nowMs, { ...body, creator });
  const withSchedule = made.runEveryNs > 0 ? made : { ...made, nextMs: undefined };
  const id = call.store.savedObjects.add(call.project.id, WAREHOUSE_IMPORT, withSchedule);
  return appAnswer(detail({ id, body: withSchedule }));
}

/** Both settings must come: what is left out is not kept. */
async function update(call: Call): Promise<Response> {
  requireAdmin(call);
  const { id, body } = found(call);
  const change = await bodyOf(call);
  if (typeof change.paused !== "boolean") throw new Refusal(400, "paused: this field is required");
  if (change.run_every === undefined) throw new Refusal(400, "run_every: this field is required");
  const next = { paused: change.paused, runEveryNs: scheduleOf(change.run_every) };
  const changed = rescheduled(body, next, call.nowMs);
  if (change.databricks_params !== undefined) {
    changed.facts = { ...changed.facts, databricks_params: change.databricks_params };
  }
  call.store.savedObjects.put(call.project.id, WAREHOUSE_IMPORT, id, changed);
  return appAnswer(detail({ id, body: changed }));
}

function remove(call: Call): Response {
  requireAdmin(call);
  call.store.savedObjects.delete(call.project.id, WAREHOUSE_IMPORT, found(call).id);
  return jsonAnswer({ status: "ok" });
}

function run(call: Call): Response {
  requireAdmin(call);
  const { id, body } = found(call);
  const { runId, ...changed } = withRun(body, call.nowMs);
  call.store.savedObjects.put(call.project.id, WAREHOUSE_IMPORT, id, changed);
  return appAnswer({ run_id: runId });
}

function history(call: Call): Response {
  return appAnswer({ runs: historyOf(found(call).body, call.nowMs) });
}

function found(call: Call): Stored {
  const { import_id: text = "" } = call.path;
  const id = /^\d{1,15}$/.test(text) ? Number(text) : -1;
  const body = call.store.savedObjects.get<WarehouseImport>(call.project.id, WAREHOUSE_IMPORT, id);
  if (body === undefined) throw new Refusal(404, `Warehouse import ${text} not found`);
  return { id, body: broughtUpTo(call.nowMs, body) };
}

function summary({ id, body }: Stored): Record<string, unknown> {
  const { facts, createdMs, creator, paused, runEveryNs, runs } = body;
  const last = runs[runs.length - 1];
  return {
    id,
    import_type: facts.import_type,
    sync_mode: facts.sync_mode,
    created: new Date(createdMs).toISOString(),
    creator_id: creator.id,
    creator_name: creator.name,
    creator_email: creator.name,
    warehouse_source_id: facts.warehouse_source_id,
    table_params: facts.table_params,
    paused,
    run_every: runEveryNs,
    last_dispatch: last === undefined ? null : Math.floor(last.startMs / 1000),
    is_deleted: false,
  };
}

function detail(stored: Stored): Record<string, unknown> {
  return { ...stored.body.facts, ...summary(stored) };
}

async function bodyOf(call: Call): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = parseJson(new TextDecoder().decode(await call.body()));
  } catch {
    throw new Refusal(400, "Invalid JSON in request body");
  }
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  throw new Refusal(400, "the request body must be an object");
}

function requireAdmin({ access }: Call): void {
  if (access.role === "owner" || access.role === "admin") return;
  throw new Refusal(403, "You do not have permission to change warehouse imports");
}
