/** Warehouse connectors: imports of events, users, groups and lookup tables from a warehouse, on a schedule. */
import { z } from "zod";
import { APP, del, get, operation, patch, post, put } from "./operation.ts";
import { choice, count, id, text, truth } from "./params.ts";

const IMPORTS = "/projects/{project_id}/warehouse-sources/imports";

const HOUR = 3_600_000_000_000;

/** How often imports can run: what people type, and nanoseconds as the API has them. */
const SCHEDULES: readonly { word: string; shown: string; nanoseconds: number }[] = [
  { word: "manual", shown: "0", nanoseconds: 0 },
  { word: "1h", shown: "hourly", nanoseconds: HOUR },
  { word: "1d", shown: "daily", nanoseconds: 24 * HOUR },
  { word: "7d", shown: "weekly", nanoseconds: 7 * 24 * HOUR },
];

/** A schedule for people: `1h`, `1d`, `7d` or `manual`; any other number of nanoseconds as it is. */
export function formatSchedule(nanoseconds: unknown): string {
  const known = SCHEDULES.find((one) => one.nanoseconds === nanoseconds);
  return known?.word ?? (nanoseconds === undefined || nanoseconds === null ? "" : `${nanoseconds} ns`);
}

function scheduleOf(value: string | number) {
  return SCHEDULES.find(({ word, shown, nanoseconds }) =>
    word === value || shown === value || String(nanoseconds) === String(value) || (word === "7d" && value === "1w")
  );
}

const runEvery = z.union([z.string(), z.number()])
  .refine((value) => scheduleOf(value) !== undefined, {
    error: (issue) =>
      `${JSON.stringify(issue.input)} is not a schedule: ${SCHEDULES.map(({ word }) => word).join(", ")}`,
  })
  .transform((value) => (scheduleOf(value) as { nanoseconds: number }).nanoseconds)
  .meta({ placeholder: "1h|1d|7d|manual", description: "How often it runs" });

const jsonObject = (description: string) => z.looseObject({}).meta({ placeholder: "JSON", description });

const databricks = {
  databricks_params: jsonObject("Databricks: the whole cluster configuration").nullable().optional(),
};

/** What all imports have; `import_type` follows from the endpoint. */
const importFields = <const T extends string, const M extends readonly [string, ...string[]]>(type: T, modes: M) => ({
  import_type: z.literal(type).default(type as never).meta({ description: "What is imported" }),
  warehouse_source_id: count("The warehouse, by the id that its page shows", {}, {
    flag: "warehouse-source",
    aliases: ["source"],
    placeholder: "ID",
  }),
  table_params: jsonObject("Where the table is, in the warehouse's terms").meta({ aliases: ["table"] }),
  sync_mode: choice(modes, "How changes are found"),
  run_every: runEvery.optional(),
  ...databricks,
});

const MODES = ["time_based", "mirror_mode", "full_sync", "one_time"] as const;

const column = (description: string, flag: string) => text(description, { flag, placeholder: "COLUMN" });

/** Columns that events, users and groups share. */
const columns = {
  insert_time_column_name: column("When the row was written, for time_based", "insert-time-column").nullable()
    .optional(),
  json_properties_column_name: column("A column of JSON properties", "json-column").nullable().optional(),
  property_mappings: z.record(z.string(), z.string()).nullable().optional().meta({
    placeholder: "JSON",
    input: "json",
    description: "Property names by column",
  }),
};

const importId = { import_id: id("The import's id, from 'mp warehouse list'", { lists: "mp warehouse list" }) };

const whole = z.union([z.number(), z.bigint()]);

/** An import as the API shows it. The connector's credentials never come back. */
export const warehouseImport = z.looseObject({
  id: whole,
  import_type: z.string().optional(),
  sync_mode: z.string().optional(),
  warehouse_source_id: whole.nullish(),
  table_params: z.record(z.string(), z.unknown()).nullish(),
  paused: z.boolean().optional(),
  run_every: whole.nullish(),
  last_dispatch: whole.nullish(),
  is_deleted: z.boolean().optional(),
});

export const listImports = operation({
  id: "warehouse.list",
  summary: "imports from warehouses",
  routes: [get("app", IMPORTS)],
  ...APP,
  params: z.object({}),
  result: z.array(warehouseImport),
});

export const getImport = operation({
  id: "warehouse.get",
  summary: "one import, with its columns and schedule",
  routes: [get("app", `${IMPORTS}/{import_id}`)],
  ...APP,
  params: z.object(importId),
  result: warehouseImport,
});

const create = <P extends z.ZodObject>(kind: string, verb: string, summary: string, params: P) =>
  operation({
    id: `warehouse.${verb}`,
    summary,
    routes: [post("app", `${IMPORTS}/${kind}`)],
    look: "mp warehouse list",
    ...APP,
    params,
    result: warehouseImport,
  });

export const createEventImport = create(
  "event-stream",
  "create_events",
  "import events from a table",
  z.object({
    ...importFields("event_stream", MODES),
    time_column_name: column("When the event happened", "time-column"),
    event_name: text("The name of all events, when no column has it", { placeholder: "NAME" }).optional(),
    event_column_name: column("The event's name", "event-column").optional(),
    user_column_name: column("Who did it", "user-column").optional(),
    device_column_name: column("The device it was done on", "device-column").nullable().optional(),
    company_column_name: column("The company, in projects for businesses", "company-column").optional(),
    ...columns,
  }),
);

export const createPeopleImport = create(
  "people",
  "create_people",
  "import user profiles from a table",
  z.object({
    ...importFields("people", MODES),
    user_column_name: column("Whose profile", "user-column"),
    ...columns,
  }),
);

export const createGroupImport = create(
  "groups",
  "create_groups",
  "import group profiles from a table",
  z.object({
    ...importFields("groups", MODES),
    group_key: text("The group key, such as company", { placeholder: "KEY" }),
    group_id_column: column("Which group", "group-column"),
    ...columns,
  }),
);

export const createLookupImport = create(
  "lookup-table",
  "create_lookup_table",
  "import a lookup table from a table",
  z.object({
    ...importFields("lookup_table", ["full_sync", "one_time"]),
    mixpanel_property: z.looseObject({
      value: z.string().min(1),
      resourceType: z.enum(["event", "user"]),
      customPropertyId: whole.nullish(),
    }).meta({
      placeholder: "JSON",
      flag: "lookup-property",
      aliases: ["property"],
      description: 'What is looked up: {"value": "sku", "resourceType": "event"}',
    }),
    property_key_column_name: column("The column that holds the property's values", "key-column"),
  }),
);

/** The API takes both settings or none: who gives one must know the other. */
export const updateImport = operation({
  id: "warehouse.update",
  summary: "pause, resume or reschedule an import",
  routes: [patch("app", `${IMPORTS}/{import_id}`)],
  look: "mp warehouse get {import_id}",
  ...APP,
  params: z.object({
    ...importId,
    paused: truth("Pause or resume it"),
    run_every: runEvery,
    ...databricks,
  }),
  result: warehouseImport,
});

export const deleteImport = operation({
  id: "warehouse.delete",
  summary: "delete an import, and if you say so what it has imported",
  routes: [del("app", `${IMPORTS}/{import_id}`)],
  look: "mp warehouse get {import_id}",
  ...APP,
  body: { kind: "json" },
  params: z.object({ ...importId, delete_data: truth("Also delete what it has imported").default(false) }),
  result: z.unknown(),
});

export const runImport = operation({
  id: "warehouse.run",
  summary: "run an import now",
  routes: [put("app", `${IMPORTS}/{import_id}/manual-sync`)],
  look: "mp warehouse history {import_id}",
  ...APP,
  params: z.object(importId),
  result: z.looseObject({ run_id: z.union([z.string(), whole]).optional() }),
});

export const importHistory = operation({
  id: "warehouse.history",
  summary: "the last 30 runs of an import",
  routes: [get("app", `${IMPORTS}/{import_id}/history`)],
  ...APP,
  params: z.object(importId),
  result: z.looseObject({
    runs: z.array(z.looseObject({
      status: z.string(),
      start_time: whole.nullish(),
      end_time: whole.nullish(),
      num_events_imported: whole.nullish(),
    })).default([]),
  }),
});
