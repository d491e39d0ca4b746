/** Imports from a warehouse as they are stored, their runs, and what a new one must say. */
import { Refusal } from "../refusal.ts";

/** The kind of saved objects that imports are. */
export const WAREHOUSE_IMPORT = "warehouse_import";

/** The one warehouse that the sandbox pretends to have. */
export const SOURCE_ID = 1;

export interface WarehouseImport {
  /** What it was created with. */
  settings: Record<string, unknown>;
  paused: boolean;
  runEveryNs: number;
  createdMs: number;
  creator: { id: number; name: string };
  /** When it ran: the last ones, oldest first. */
  runs: { id: string; startMs: number }[];
  /** When the schedule will start the next run. */
  nextMs?: number;
}

const SCHEDULES_NS: readonly number[] = [0, 3_600_000_000_000, 86_400_000_000_000, 604_800_000_000_000];

const RUN_MS = 3000;
const MOST_RUNS = 30;
const NS_IN_MS = 1_000_000;

interface Kind {
  type: string;
  required: readonly string[];
  optional: readonly string[];
  modes: readonly string[];
}

const MODES = ["time_based", "mirror_mode", "full_sync", "one_time"];
const COLUMNS = ["insert_time_column_name", "json_properties_column_name", "property_mappings"];

/** What each endpoint makes. */
export const KINDS: Record<string, Kind> = {
  "event-stream": {
    type: "event_stream",
    required: ["time_column_name"],
    optional: [
      ...["event_name", "event_column_name", "user_column_name", "device_column_name", "company_column_name"],
      ...COLUMNS,
    ],
    modes: MODES,
  },
  "people": { type: "people", required: ["user_column_name"], optional: COLUMNS, modes: MODES },
  "groups": { type: "groups", required: ["group_key", "group_id_column"], optional: COLUMNS, modes: MODES },
  "lookup-table": {
    type: "lookup_table",
    required: ["mixpanel_property", "property_key_column_name"],
    optional: [],
    modes: ["full_sync", "one_time"],
  },
};

/**
 * Reads the body of a new import.
 *
 * @throws Refusal 400 that names what is missing or wrong; 404 for a warehouse that is not there.
 */
export function newImport(body: Record<string, unknown>, kind: Kind, nowMs: number): WarehouseImport {
  for (const name of ["import_type", "warehouse_source_id", "table_params", "sync_mode", ...kind.required]) {
    if (body[name] === undefined || body[name] === null) throw new Refusal(400, `${name}: this field is required`);
  }
  if (body.import_type !== kind.type) throw new Refusal(400, `import_type: must be ${kind.type}`);
  if (!kind.modes.includes(String(body.sync_mode))) {
    throw new Refusal(400, `sync_mode: must be one of ${kind.modes.join(", ")}`);
  }
  if (typeof body.table_params !== "object") throw new Refusal(400, "table_params: must be an object");
  if (body.warehouse_source_id !== SOURCE_ID) {
    throw new Refusal(404, `Warehouse source ${body.warehouse_source_id} not found`);
  }
  const names = [
    ...["import_type", "warehouse_source_id", "table_params", "sync_mode", "databricks_params"],
    ...kind.required,
    ...kind.optional,
  ];
  return {
    settings: Object.fromEntries(names.map((name) => [name, body[name] ?? null])),
    paused: false,
    runEveryNs: scheduleOf(body.run_every ?? 0),
    createdMs: nowMs,
    creator: { id: 0, name: "" },
    runs: [],
    // The first run comes at once, whatever the schedule.
    nextMs: nowMs,
  };
}

/** @throws Refusal 400 */
export function scheduleOf(value: unknown): number {
  if (SCHEDULES_NS.includes(value as number)) return value as number;
  throw new Refusal(400, `run_every: must be one of ${SCHEDULES_NS.join(", ")}`);
}

/** With the runs that its schedule has started up to now. */
export function broughtUpTo(nowMs: number, one: WarehouseImport): WarehouseImport {
  const runs = [...one.runs];
  let { nextMs } = one;
  const repeats = one.runEveryNs > 0 && one.settings.sync_mode !== "one_time";
  const everyMs = one.runEveryNs / NS_IN_MS;
  // Of years of hourly runs only the last are kept, so only they are gone through.
  if (repeats && nextMs !== undefined && nowMs - nextMs > MOST_RUNS * everyMs) {
    nextMs += (Math.floor((nowMs - nextMs) / everyMs) - MOST_RUNS) * everyMs;
  }
  while (!one.paused && nextMs !== undefined && nextMs <= nowMs) {
    runs.push({ id: runIdOf(nextMs), startMs: nextMs });
    nextMs = repeats ? nextMs + everyMs : undefined;
  }
  return { ...one, runs: runs.slice(-MOST_RUNS), nextMs };
}

/** With a run that was asked for. */
export function withRun(one: WarehouseImport, nowMs: number): WarehouseImport & { runId: string } {
  const runId = runIdOf(nowMs);
  return { ...one, runs: [...one.runs, { id: runId, startMs: nowMs }].slice(-MOST_RUNS), runId };
}

/** With another schedule; a paused import has none. */
export function rescheduled(
  one: WarehouseImport,
  change: { paused: boolean; runEveryNs: number },
  nowMs: number,
): WarehouseImport {
  const everyMs = change.runEveryNs / NS_IN_MS;
  const runs = !change.paused && everyMs > 0 && one.settings.sync_mode !== "one_time";
  return { ...one, ...change, nextMs: runs ? nowMs + everyMs : undefined };
}

/** The last runs, newest first. A sandbox has no warehouse, so nothing comes of them. */
export function historyOf({ runs }: WarehouseImport, nowMs: number): Record<string, unknown>[] {
  return runs.map(({ startMs }) => {
    const isOver = nowMs >= startMs + RUN_MS;
    return {
      status: isOver ? "SUCCEEDED" : "RUNNING",
      start_time: Math.floor(startMs / 1000),
      end_time: isOver ? Math.floor((startMs + RUN_MS) / 1000) : null,
      num_events_imported: isOver ? 0 : null,
    };
  }).reverse();
}

function runIdOf(startMs: number): string {
  return `run-${startMs}`;
}
