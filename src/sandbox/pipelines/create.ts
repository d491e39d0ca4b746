/** `POST /nessie/pipeline/create`: what a pipeline must say, and what it is called. */
import { isoDay } from "../../streams/iso_time.ts";
import type { SandboxCall } from "../call.ts";
import { jsonAnswer } from "../endpoint.ts";
import type { Fields } from "../fields.ts";
import { Refusal } from "../refusal.ts";
import { PIPELINE, type Pipeline } from "./pipelines.ts";

const GCS = ["gcs_bucket", "gcs_region"];
const S3 = ["s3_bucket", "s3_region", "s3_role"];
const AZURE = ["storage_account", "container_name", "client_id", "client_secret", "tenant_id"];
const BIGQUERY = ["bq_region", "gcp_project", "bq_dataset_name"];
const SNOWFLAKE = ["account_name", "warehouse", "storage_integration", "user", "password", "role", "database", "schema"]
  .map((name) => `snowflake_${name}`);
const SCHEMA = ["sync", "schema_type"];

const REQUIRED: Record<string, readonly string[]> = {
  "gcs-raw": GCS,
  "s3-raw": S3,
  "azure-raw": AZURE,
  "bigquery": [...BIGQUERY, ...SCHEMA],
  "snowflake": [...SNOWFLAKE, ...SCHEMA],
  "aws": [...S3, ...SCHEMA],
  "azure-blob": [...AZURE, ...SCHEMA],
  "gcs-schema": [...GCS, ...SCHEMA],
};

/** What is kept of a pipeline, and can be edited. */
const KEPT = ["where", "data_format", "gcs_bucket", "s3_bucket", "storage_account", "bq_dataset_name", "gcp_project"];

const DAY_MS = 86_400_000;
const TRIAL_DAYS = 30;
const LONGEST_PAST_DAYS = 184;
const MOST_RECURRING = 2;
const MOST_ONE_OFF = 1;

/** A trial makes two: of events and, where there is a schema, of users. */
export async function createPipeline(call: SandboxCall): Promise<Response> {
  const fields = await call.fields();
  const type = fields.requiredText("type");
  const required = REQUIRED[type];
  if (required === undefined) throw new Refusal(400, `Invalid parameter type: '${type}'`);
  for (const name of required) fields.requiredText(name);
  const hasSchema = required.includes("sync");
  if (hasSchema && fields.text("sync") !== "true") throw new Refusal(400, "sync must be true for this pipeline type");
  const schema = hasSchema ? fields.choice("schema_type", ["monoschema", "multischema"]) : undefined;
  const dataSource = fields.choice("data_source", hasSchema ? ["events", "people"] : ["events"]) ?? "events";
  const frequency = fields.choice("frequency", ["daily", "hourly"]) ?? "daily";
  const isTrial = fields.text("trial") === "true";
  const days = isTrial ? trialDays(call.nowMs) : daysOf(fields, call.nowMs);
  const settings: Record<string, unknown> = { schema_type: schema, events: fields.all("events") };
  for (const name of KEPT) settings[name] = fields.text(name);

  const sources = isTrial && hasSchema ? ["events", "people"] as const : [dataSource];
  const made = sources.map((source): Pipeline => ({
    name: [isTrial ? "trial" : "", source, frequency, type, schema ?? ""].filter((part) => part !== "").join("-"),
    type,
    dataSource: source,
    frequency,
    ...days,
    createdMs: call.nowMs,
    pauses: [],
    settings,
  }));
  const { savedObjects } = call.store;
  const active = savedObjects.list<Pipeline>(call.project.id, PIPELINE).map(({ body }) => body)
    .filter(({ canceledMs }) => canceledMs === undefined);
  for (const one of made) requireRoom(one, active);
  for (const one of made) savedObjects.add(call.project.id, PIPELINE, one);
  return jsonAnswer({ pipeline_names: made.map(({ name }) => name) });
}

/** Two recurring pipelines of events and one with an end, at a time. */
function requireRoom(one: Pipeline, active: readonly Pipeline[]): void {
  if (active.some(({ name }) => name === one.name)) throw new Refusal(400, `pipeline ${one.name} already exists`);
  if (one.dataSource !== "events") return;
  const events = active.filter(({ dataSource }) => dataSource === "events");
  const recurring = events.filter(({ toDay }) => toDay === undefined).length;
  const isFull = one.toDay === undefined ? recurring >= MOST_RECURRING : events.length - recurring >= MOST_ONE_OFF;
  if (isFull) throw new Refusal(400, "the project has as many event pipelines as it can have");
}

function trialDays(nowMs: number): { fromDay: string; toDay: string } {
  const yesterdayMs = nowMs - DAY_MS;
  return { fromDay: isoDay(yesterdayMs), toDay: isoDay(yesterdayMs + (TRIAL_DAYS - 1) * DAY_MS) };
}

function daysOf(fields: Fields, nowMs: number): { fromDay: string; toDay?: string } {
  const fromDay = fields.requiredText("from_date");
  const toDay = fields.text("to_date");
  for (const [name, day] of [["from_date", fromDay], ["to_date", toDay]] as const) {
    if (day !== undefined && !isDay(day)) throw new Refusal(400, `Invalid parameter ${name}: '${day}'`);
  }
  if (Date.parse(fromDay) < nowMs - LONGEST_PAST_DAYS * DAY_MS) {
    throw new Refusal(400, "from_date must not be more than six months ago");
  }
  if (toDay !== undefined && toDay < fromDay) throw new Refusal(400, "to_date must not be before from_date");
  return { fromDay, toDay };
}

/** Also the 31st of November has the right shape. */
function isDay(text: string): boolean {
  const timeMs = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(text) : NaN;
  return !Number.isNaN(timeMs) && isoDay(timeMs) === text;
}
