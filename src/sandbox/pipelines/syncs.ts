/** `/api/2.0/data-pipelines/…`: imports from a warehouse, as only the reference has them. They import nothing. */
import { isoSeconds } from "../../streams/iso_time.ts";
import { projectReader } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { dataPipelinesSurface } from "../surfaces.ts";

/** The kind of saved objects that syncs are. */
export const WAREHOUSE_SYNC = "warehouse_sync";

export interface WarehouseSync {
  warehouseId: string;
  syncType: "incremental" | "full";
  tables: string[];
  startedMs: number;
}

/** How long a table takes. */
const TABLE_MS = 2000;

const sync = { surface: dataPipelinesSurface, access: projectReader } as const;

export const warehouseSyncEndpoints: SandboxEndpoint[] = [
  { ...sync, methods: ["POST"], path: "/warehouse/sync", respond: start },
  { ...sync, methods: ["GET"], path: "/status/{sync_id}", respond: status },
];

async function start(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const warehouseId = fields.requiredText("warehouse_id");
  const syncType = fields.choice("sync_type", ["incremental", "full"]);
  if (syncType === undefined) throw new Refusal(400, "Missing required parameter: sync_type");
  const tables = fields.texts("tables") ?? [];
  if (tables.length === 0) throw new Refusal(400, "Missing required parameter: tables");
  const body: WarehouseSync = { warehouseId, syncType, tables, startedMs: call.nowMs };
  const id = call.store.savedObjects.add(call.project.id, WAREHOUSE_SYNC, body);
  return jsonAnswer({ sync_id: String(id), status: "running", started_at: `${isoSeconds(call.nowMs)}Z` });
}

function status(call: SandboxCall): Response {
  const { sync_id: id = "" } = call.path;
  const found = /^\d{1,15}$/.test(id)
    ? call.store.savedObjects.get<WarehouseSync>(call.project.id, WAREHOUSE_SYNC, Number(id))
    : undefined;
  if (found === undefined) throw new Refusal(404, `Sync ${id} not found`);
  const isOver = call.nowMs >= found.startedMs + found.tables.length * TABLE_MS;
  return jsonAnswer({ sync_id: id, status: isOver ? "completed" : "running", rows_processed: 0, errors: [] });
}
