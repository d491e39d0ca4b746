/** A few things for the demo's project that do not come from events: tasks, pipelines, imports. */
import { isoDay } from "../../streams/iso_time.ts";
import { GDPR_TASK, type GdprTask } from "../gdpr/tasks.ts";
import { PIPELINE, type Pipeline } from "../pipelines/pipelines.ts";
import { WAREHOUSE_SYNC, type WarehouseSync } from "../pipelines/syncs.ts";
import type { Store } from "../store/store.ts";
import { SOURCE_ID, WAREHOUSE_IMPORT, type WarehouseImport } from "../warehouse/imports.ts";

const DAY_MS = 86_400_000;
const HOUR_NS = 3_600_000_000_000;

/** Ids begin where the sandbox's own do. */
const FIRST_ID = 1001;

/** Loads them; `userIds` are users whose data was asked for. */
export function loadAdministration(store: Store, projectId: number, nowMs: number, userIds: readonly string[]): void {
  const put = <T extends object>(kind: string, id: number, body: T) =>
    store.savedObjects.put(projectId, kind, id, body);
  const task = {
    distinct_ids: [...userIds],
    compliance_type: "GDPR" as const,
    requesting_user: "owner@example.com",
  };
  const asked = { requestedMs: nowMs - DAY_MS, key: "demo" };
  put<GdprTask>(GDPR_TASK, 1, { ...task, ...asked, type: "retrieval", turnMs: nowMs - DAY_MS });
  // Its turn comes later, so that there is something to cancel.
  put<GdprTask>(GDPR_TASK, 2, { ...task, ...asked, type: "deletion", turnMs: nowMs + 365 * DAY_MS });

  const started = { createdMs: nowMs - 7 * DAY_MS, fromDay: isoDay(nowMs - 14 * DAY_MS), pauses: [] };
  put<Pipeline>(PIPELINE, FIRST_ID, {
    ...started,
    name: "events-daily-s3-raw",
    type: "s3-raw",
    dataSource: "events",
    frequency: "daily",
    settings: { s3_bucket: "roastery-events" },
  });
  put<Pipeline>(PIPELINE, FIRST_ID + 1, {
    ...started,
    name: "people-daily-bigquery-monoschema",
    type: "bigquery",
    dataSource: "people",
    frequency: "daily",
    settings: { schema_type: "monoschema", bq_dataset_name: "roastery" },
  });
  put<WarehouseSync>(WAREHOUSE_SYNC, FIRST_ID, {
    warehouseId: "warehouse-1",
    syncType: "incremental",
    tables: ["users", "events"],
    startedMs: nowMs - DAY_MS,
  });

  const tables = [
    { import_type: "event_stream", table: "orders", time_column_name: "ordered_at", event_name: "Order" },
    { import_type: "people", table: "customers", user_column_name: "customer_id" },
    { import_type: "lookup_table", table: "products", property_key_column_name: "sku" },
  ];
  for (const [index, { table, ...settings }] of tables.entries()) {
    put<WarehouseImport>(WAREHOUSE_IMPORT, FIRST_ID + index, {
      settings: {
        ...settings,
        warehouse_source_id: SOURCE_ID,
        table_params: { dataset: "roastery", table },
        sync_mode: "full_sync",
      },
      paused: false,
      runEveryNs: index === 0 ? HOUR_NS : 24 * HOUR_NS,
      createdMs: nowMs - 30 * DAY_MS,
      creator: { id: 1, name: "owner@example.com" },
      runs: [],
      nextMs: nowMs - 30 * DAY_MS,
    });
  }
}
