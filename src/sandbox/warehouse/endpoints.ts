/** `/api/app/projects/{id}/warehouse-sources/imports`: imports from a warehouse. */
import { isObject } from "../../streams/json/is_object.ts";
import { authorOf } from "../app/author.ts";
import { Body } from "../app/body.ts";
import { Collection, type Stored } from "../app/collection.ts";
import { type AccessRule, appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { requestJson } from "../request_json.ts";
import { appSurface } from "../surfaces.ts";
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

const importAdmin: AccessRule = async (call) => {
  const access = await appUser(call);
  if (access.role === "owner" || access.role === "admin") return access;
  throw new Refusal(403, "You do not have permission to change warehouse imports");
};

const imports = new Collection<WarehouseImport>({
  kind: WAREHOUSE_IMPORT,
  path: IMPORTS,
  access: appUser,
  writeAccess: importAdmin,
  show: (_call, one) => ({ ...one.body.settings, ...summary(one) }),
  // The list has less of each than a single one.
  showInList: (_call, one) => summary(one),
  readBody,
  update,
  refresh: (call, one) => broughtUpTo(call.nowMs, one),
  idParameter: "import_id",
  notFound: (id) => new Refusal(404, `Warehouse import ${id} not found`),
  deleted: () => jsonAnswer({ status: "ok" }),
});

const write = { surface: appSurface, access: importAdmin } as const;

export const warehouseEndpoints: SandboxEndpoint[] = [
  ...imports.endpoints(),
  ...Object.keys(KINDS).map((kind): SandboxEndpoint => ({
    ...write,
    methods: ["POST"],
    path: `${IMPORTS}/${kind}`,
    respond: (call) => create(call, kind),
  })),
  { ...write, methods: ["PUT"], path: `${ONE}/manual-sync`, respond: run },
  { methods: ["GET"], surface: appSurface, access: appUser, path: `${ONE}/history`, respond: history },
];

async function create(call: SandboxCall, kind: string): Promise<Response> {
  const { id, name } = authorOf(call);
  const body = newImport((await readBody(call)).fields, KINDS[kind]!, call.nowMs);
  const made = broughtUpTo(call.nowMs, { ...body, creator: { id, name } });
  return imports.shown(call, imports.add(call, made.runEveryNs > 0 ? made : { ...made, nextMs: undefined }));
}

/** Both settings must come: what is left out is not kept. */
function update(call: SandboxCall, { fields: change }: Body, one: WarehouseImport): WarehouseImport {
  if (typeof change.paused !== "boolean") throw new Refusal(400, "paused: this field is required");
  if (change.run_every === undefined) throw new Refusal(400, "run_every: this field is required");
  const next = { paused: change.paused, runEveryNs: scheduleOf(change.run_every) };
  const { databricks_params = one.settings.databricks_params } = change;
  return { ...rescheduled(one, next, call.nowMs), settings: { ...one.settings, databricks_params } };
}

function run(call: SandboxCall): Response {
  const { id, body } = imports.named(call);
  const { runId, ...changed } = withRun(body, call.nowMs);
  imports.save(call, { id, body: changed });
  return appAnswer({ run_id: runId });
}

function history(call: SandboxCall): Response {
  return appAnswer({ runs: historyOf(imports.named(call).body, call.nowMs) });
}

function summary({ id, body }: Stored<WarehouseImport>): Record<string, unknown> {
  const { settings, createdMs, creator, paused, runEveryNs, runs } = body;
  const last = runs[runs.length - 1];
  return {
    id,
    import_type: settings.import_type,
    sync_mode: settings.sync_mode,
    created: new Date(createdMs).toISOString(),
    creator_id: creator.id,
    creator_name: creator.name,
    creator_email: creator.name,
    warehouse_source_id: settings.warehouse_source_id,
    table_params: settings.table_params,
    paused,
    run_every: runEveryNs,
    last_dispatch: last === undefined ? null : Math.floor(last.startMs / 1000),
    is_deleted: false,
  };
}

/** In the words of this family, which also refuses an empty one. */
async function readBody(call: SandboxCall): Promise<Body> {
  const value = requestJson(new TextDecoder().decode(await call.body()), "Invalid JSON in request body");
  if (isObject(value)) return new Body(value);
  throw new Refusal(400, "the request body must be an object");
}
