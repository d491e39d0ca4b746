/** Data pipelines: scheduled exports to a warehouse or bucket. Mixpanel makes new ones in its own pages only. */
import { z } from "zod";
import { get, operation, post } from "./operation.ts";
import { anyId, choice, day, expression, repeatedTexts, secret, text, truth } from "./params.ts";

const PIPELINES = {
  auth: ["service_account", "project_secret"],
  deprecated: "Mixpanel has retired this API for new pipelines; create them in Mixpanel, under Data Management",
} as const;

/** What changes a pipeline is a form, and names the project in it. */
const FORM = { body: { kind: "form" }, projectIn: "form" } as const;

/** The types of pipeline, and what each cannot be made without besides its first day. */
const NEEDED = {
  "gcs-raw": ["gcs_bucket", "gcs_region"],
  "s3-raw": ["s3_bucket", "s3_region", "s3_role"],
  "azure-raw": ["storage_account", "container_name", "client_id", "client_secret", "tenant_id"],
  "bigquery": ["bq_region", "gcp_project", "bq_dataset_name"],
  "snowflake": [
    "snowflake_account_name",
    "snowflake_warehouse",
    "snowflake_storage_integration",
    "snowflake_user",
    "snowflake_password",
    "snowflake_role",
    "snowflake_database",
    "snowflake_schema",
  ],
  "aws": ["s3_bucket", "s3_region", "s3_role"],
  "azure-blob": ["storage_account", "container_name", "client_id", "client_secret", "tenant_id"],
  "gcs-schema": ["gcs_bucket", "gcs_region"],
};
/** The variables that hold secrets. */
const SECRETS: Record<string, string> = {
  client_secret: "AZURE_CLIENT_SECRET",
  snowflake_password: "SNOWFLAKE_PASSWORD",
};

type PipelineType = keyof typeof NEEDED;
const TYPES = Object.keys(NEEDED) as [PipelineType, ...PipelineType[]];

/** Whether a pipeline writes tables with a schema, instead of raw events. */
export function hasSchema(type: string | undefined): boolean {
  return type !== undefined && !type.endsWith("-raw");
}

const name = { name: text("The pipeline's name, as 'mp pipelines list' shows it", { lists: "mp pipelines list" }) };
const filters = {
  events: repeatedTexts("Only events of this name", { flag: "event", placeholder: "NAME" }).optional(),
  where: expression('Only events where this holds, such as properties["plan"] == "pro"').optional(),
};

export const listPipelines = operation({
  id: "pipelines.list",
  summary: "the project's pipelines",
  routes: [get("pipelines", "/jobs")],
  ...PIPELINES,
  params: z.object({}),
  result: z.record(z.string(), z.array(z.looseObject({ name: z.string() }))),
});

export const createPipeline = operation({
  id: "pipelines.create",
  summary: "start exporting to a bucket or warehouse on a schedule",
  routes: [post("pipelines", "/create")],
  look: "mp pipelines list",
  ...PIPELINES,
  ...FORM,
  params: z.object({
    type: choice(TYPES, "Where to, and in what form", {
      flag: "pipeline-type",
      aliases: ["type"],
      placeholder: "TYPE",
    }),
    trial: truth("Export events and users for 30 days, starting with yesterday").optional(),
    schema_type: choice(["monoschema", "multischema"], "One table for all events, or one for each").optional(),
    data_source: choice(["events", "people"], "What to export; default events").optional(),
    sync: truth("Follow later changes of the data; always so for types with a schema").optional(),
    from_date: day("First day, at most six months ago; not needed with --trial", { flag: "from" }).optional(),
    to_date: day("Last day; default: go on forever", { flag: "to" }).optional(),
    frequency: choice(["daily", "hourly"], "How often; default daily").optional(),
    ...filters,
    data_format: choice(["json", "parquet"], "Files of a schematized bucket; default json").optional(),
    gcs_bucket: text("Google Cloud Storage: bucket").optional(),
    gcs_prefix: text("Google Cloud Storage: path in the bucket").optional(),
    gcs_region: text("Google Cloud Storage: region, such as us-central1").optional(),
    s3_bucket: text("S3: bucket").optional(),
    s3_region: text("S3: region, such as us-east-1").optional(),
    s3_role: text("S3: role that writes, an ARN").optional(),
    s3_prefix: text("S3: path in the bucket").optional(),
    s3_encryption: choice(["none", "aes", "kms"], "S3: encryption at rest; default none").optional(),
    s3_kms_key_id: text("S3: key, with --s3-encryption kms").optional(),
    use_glue: truth("AWS: write the schema to Glue").optional(),
    glue_database: text("AWS: Glue database").optional(),
    glue_role: text("AWS: role that writes to Glue, an ARN").optional(),
    glue_table_prefix: text("AWS: before the names of Glue tables").optional(),
    storage_account: text("Azure: storage account").optional(),
    container_name: text("Azure: blob container").optional(),
    prefix: text("Azure: path in the container").optional(),
    client_id: text("Azure: client id of the service principal").optional(),
    client_secret: secret("Azure: secret of the service principal", "AZURE_CLIENT_SECRET").optional(),
    tenant_id: text("Azure: tenant id of the service principal").optional(),
    bq_region: text("BigQuery: region, such as US or EUROPE_WEST_2").optional(),
    bq_prefix: text("BigQuery: before the names of tables").optional(),
    gcp_project: text("BigQuery: project of the dataset").optional(),
    bq_dataset_name: text("BigQuery: dataset").optional(),
    snowflake_account_name: text("Snowflake: account identifier").optional(),
    snowflake_warehouse: text("Snowflake: warehouse that loads").optional(),
    snowflake_storage_integration: text("Snowflake: storage integration").optional(),
    snowflake_user: text("Snowflake: user").optional(),
    snowflake_password: secret("Snowflake: password", "SNOWFLAKE_PASSWORD").optional(),
    snowflake_role: text("Snowflake: role").optional(),
    snowflake_database: text("Snowflake: database").optional(),
    snowflake_schema: text("Snowflake: schema").optional(),
    snowflake_prefix: text("Snowflake: before the names of tables and views").optional(),
  }).superRefine((pipeline, context) => {
    const needed = [...NEEDED[pipeline.type], ...pipeline.trial ? [] : ["from_date"]];
    for (const field of needed) {
      if (pipeline[field as keyof typeof pipeline] !== undefined) continue;
      const message = `is needed for ${pipeline.type}${field in SECRETS ? `: set ${SECRETS[field]}` : ""}`;
      context.addIssue({ code: "custom", path: [field], message });
    }
    if (!hasSchema(pipeline.type) && pipeline.data_source === "people") {
      context.addIssue({ code: "custom", path: ["data_source"], message: `${pipeline.type} exports events only` });
    }
  }),
  result: z.looseObject({ pipeline_names: z.array(z.string()).default([]) }),
});

export const editPipeline = operation({
  id: "pipelines.edit",
  summary: "change what a pipeline exports, or its credentials",
  routes: [post("pipelines", "/edit")],
  look: "mp pipelines list",
  ...PIPELINES,
  ...FORM,
  answer: "nothing",
  params: z.object({
    ...name,
    ...filters,
    azure_client_id: text("Azure: client id of the service principal").optional(),
    azure_client_secret: secret("Azure: secret of the service principal", "AZURE_CLIENT_SECRET").optional(),
    azure_tenant_id: text("Azure: tenant id of the service principal").optional(),
    bq_share_with_group: repeatedTexts("BigQuery: also share the dataset with this group", { placeholder: "EMAIL" })
      .optional(),
    glue_database: text("AWS: Glue database").optional(),
    glue_role: text("AWS: role that writes to Glue, an ARN").optional(),
    glue_table_prefix: text("AWS: before the names of Glue tables").optional(),
  }),
  result: z.unknown(),
});

/** Cancel, pause and resume are alike: a name goes in, and nothing comes out. */
const act = (verb: "cancel" | "pause" | "resume", summary: string) =>
  operation({
    id: `pipelines.${verb}`,
    summary,
    routes: [post("pipelines", `/${verb}`)],
    look: "mp pipelines list",
    ...PIPELINES,
    ...FORM,
    answer: "nothing",
    params: z.object(name),
    result: z.unknown(),
  });

export const cancelPipeline = act("cancel", "cancel a pipeline permanently");
export const pausePipeline = act("pause", "pause a pipeline");
export const resumePipeline = act("resume", "resume a paused pipeline");

export const pipelineStatus = operation({
  id: "pipelines.status",
  summary: "a pipeline's tasks, by how they ended",
  routes: [get("pipelines", "/status")],
  ...PIPELINES,
  params: z.object({
    ...name,
    summary: truth("Only how many there are of each").optional(),
    status: z.array(z.enum(["pending", "running", "retried", "failed", "canceled", "timed_out"])).min(1)
      .meta({
        encoding: "repeat",
        description: "Only tasks with this status",
        flag: "task-status",
        aliases: ["status"],
        placeholder: "STATUS",
      }).optional(),
  }),
  result: z.record(z.string(), z.union([z.number(), z.array(z.looseObject({}))])),
});

export const pipelineTimeline = operation({
  id: "pipelines.timeline",
  summary: "when each day was exported",
  routes: [get("pipelines", "/timeline")],
  ...PIPELINES,
  params: z.object({ name: name.name.optional() }),
  result: z.looseObject({
    day_syncs: z.array(
      z.looseObject({ date: z.string(), sync_times: z.array(z.string()).default([]), status: z.string().optional() }),
    ).default([]),
  }),
});

/** Only the reference has this and the next; they are taken to live where the other pipelines do. */
export const startSync = operation({
  id: "pipelines.sync",
  summary: "import from a warehouse now",
  routes: [post("export", "/data-pipelines/warehouse/sync")],
  ...PIPELINES,
  params: z.object({
    warehouse_id: text("Which warehouse", { placeholder: "ID" }),
    sync_type: choice(["incremental", "full"], "What is new, or all of it").default("incremental"),
    tables: z.array(z.string().min(1)).min(1)
      .meta({ description: "Table to import", flag: "table", placeholder: "NAME" }),
  }),
  result: z.looseObject({ sync_id: anyId, status: z.string().optional() }),
});

export const syncStatus = operation({
  id: "pipelines.sync_status",
  summary: "show the status of an import from a warehouse",
  routes: [get("export", "/data-pipelines/status/{sync_id}")],
  ...PIPELINES,
  params: z.object({ sync_id: text("The sync's id", { placeholder: "ID" }) }),
  result: z.looseObject({
    sync_id: anyId,
    status: z.string(),
    rows_processed: z.union([z.number(), z.bigint()]).optional(),
    errors: z.array(z.unknown()).default([]),
  }),
});
