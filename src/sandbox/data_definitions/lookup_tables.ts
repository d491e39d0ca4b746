/**
 * `/data-definitions/lookup-tables/`: makes, renames and deletes tables. A table's CSV goes to an address that is signed;
 * Mixpanel's are those of a storage service, and the sandbox's its own.
 */
import { randomUUID, sha256Hex } from "../../runtime/hash.ts";
import { csvRecords } from "../../streams/csv/delimited_rows.ts";
import { csvFormat } from "../../streams/csv/csv.ts";
import { idOf, readBody } from "../app/body.ts";
import { timestamp } from "../app/author.ts";
import { anyone } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint, textAnswer } from "../endpoint.ts";
import { MOST_CSV_BYTES, tableFailures } from "../ingestion/lookup_tables.ts";
import { Refusal } from "../refusal.ts";
import { controlsSurface } from "../surfaces.ts";
import { reads, writes } from "./rights.ts";

const PATH = "lookup-tables/";
/** From here on a table is read later, and its upload asked after. */
const LARGE_BYTES = 5 * 1024 * 1024;
/** For how long an address is good. */
const ADDRESS_MS = 3_600_000;

/** The kinds of saved objects: what tables are known by here, and what has been uploaded. */
const GROUP = "lookup_table_group";
const UPLOAD = "lookup_table_upload";

interface SavedGroup {
  /** The table's id of the published API. */
  uuid: string;
  createdMs: number;
  modifiedMs: number;
}

interface SavedUpload {
  /** What the registration has to name. */
  path: string;
  key: string;
  expiresMs: number;
  csv?: string;
  /** When a large table has been registered, and the data group that it becomes. */
  registeredMs?: number;
  groupId?: number;
  failure?: string;
}

export const tableGroupEndpoints: SandboxEndpoint[] = [
  reads(PATH, list),
  writes("POST", PATH, register),
  writes("PATCH", PATH, rename),
  writes("DELETE", PATH, remove),
  reads(`${PATH}upload-url/`, uploadAddress),
  reads(`${PATH}upload-status/`, uploadStatus),
  reads(`${PATH}download/`, (call) => csvAnswer(call, named(call).csv)),
  reads(`${PATH}download-url/`, downloadAddress),
  {
    methods: ["PUT"],
    path: "/storage/{project_id}/{upload_id}",
    surface: controlsSurface,
    access: anyone,
    mostBodyBytes: () => MOST_CSV_BYTES,
    respond: receive,
  },
  { methods: ["GET"], path: "/storage/{project_id}/{uuid}", surface: controlsSurface, access: anyone, respond: serve },
];

interface Group {
  id: number;
  uuid: string;
  name: string;
  saved: SavedGroup;
}

/** All tables; one that was made otherwise gets its data group when it is first asked for. */
function groups({ store, project, nowMs }: SandboxCall): Group[] {
  const { savedObjects } = store;
  const known = new Map(
    savedObjects.list<SavedGroup>(project.id, GROUP).map(({ id, body }) => [body.uuid, { id, body }]),
  );
  return store.lookupTables.list(project.id).map(({ id: uuid, name }) => {
    const found = known.get(uuid);
    if (found !== undefined) return { id: found.id, uuid, name, saved: found.body };
    const saved: SavedGroup = { uuid, createdMs: nowMs, modifiedMs: nowMs };
    return { id: savedObjects.add(project.id, GROUP, saved), uuid, name, saved };
  });
}

function describe({ id, uuid, name, saved: { createdMs, modifiedMs } }: Group) {
  return {
    id,
    name,
    token: uuid,
    createdAt: timestamp(createdMs),
    lastModifiedAt: timestamp(modifiedMs),
    hasMappedProperties: false,
  };
}

function list(call: SandboxCall): Response {
  const wanted = call.url.searchParams.get("data-group-id");
  return appAnswer(groups(call).filter(({ id }) => wanted === null || String(id) === wanted).map(describe));
}

/** The table that `data-group-id` names, with its text. */
function named(
  call: SandboxCall,
  given: unknown = call.url.searchParams.get("data-group-id"),
): Group & { csv: string } {
  const id = idOf(given);
  const found = groups(call).find((group) => group.id === id);
  if (found === undefined) throw new Refusal(404, "Lookup table not found");
  return { ...found, csv: call.store.lookupTables.csv(call.project.id, found.uuid) ?? "" };
}

function signature(secret: string, what: string): string {
  return sha256Hex(`${secret} ${what}`).slice(0, 32);
}

function uploadAddress(call: SandboxCall): Response {
  if (call.url.searchParams.get("content-type") !== "text/csv") {
    throw new Refusal(400, "content-type: must be text/csv");
  }
  const { store: { savedObjects }, project, nowMs } = call;
  const upload: SavedUpload = { path: `uploads/${randomUUID()}.csv`, key: randomUUID(), expiresMs: nowMs + ADDRESS_MS };
  const id = savedObjects.add(project.id, UPLOAD, upload);
  const place = `/sandbox/storage/${project.id}/${id}`;
  const url = `${call.url.origin}${place}?signature=${signature(project.secret, place)}`;
  return appAnswer({ url, path: upload.path, key: upload.key });
}

/** As a storage service does, it refuses credentials beside the signature. */
function requireSigned(call: SandboxCall): void {
  const project = call.store.projects.project(Number(call.path.project_id));
  const { pathname, searchParams } = call.url;
  if (project === undefined || searchParams.get("signature") !== signature(project.secret, pathname)) {
    throw new Refusal(403, "SignatureDoesNotMatch");
  }
  if (call.request.headers.has("authorization")) throw new Refusal(400, "Only one authorization is allowed");
  call.access = { ...call.access, project };
}

async function receive(call: SandboxCall): Promise<Response> {
  requireSigned(call);
  const { store: { savedObjects }, project, nowMs } = call;
  const id = Number(call.path.upload_id);
  const upload = savedObjects.get<SavedUpload>(project.id, UPLOAD, id);
  if (upload === undefined || upload.expiresMs <= nowMs) throw new Refusal(403, "ExpiredToken");
  if (call.request.headers.get("content-type") !== "text/csv") throw new Refusal(403, "SignatureDoesNotMatch");
  savedObjects.put(project.id, UPLOAD, id, { ...upload, csv: new TextDecoder().decode(await call.body()) });
  return new Response(null, { status: 200 });
}

/** A form. A small table is there at once; a large one has to be asked after. */
async function register(call: SandboxCall): Promise<Response> {
  const { store: { savedObjects }, project } = call;
  const fields = await call.fields();
  const name = fields.requiredText("name");
  if (name.length > 255) throw new Refusal(400, "name: must not have more than 255 characters");
  const [path, key] = [fields.requiredText("path"), fields.requiredText("key")];
  const found = savedObjects.list<SavedUpload>(project.id, UPLOAD)
    .find(({ body }) => body.path === path && body.key === key);
  const csv = found?.body.csv;
  if (found === undefined || csv === undefined) throw new Refusal(400, "path: nothing has been uploaded there");
  const [failure] = tableFailures(csv);
  const isLarge = csv.length >= LARGE_BYTES;
  if (failure !== undefined && !isLarge) throw new Refusal(400, failure.message);
  const replaced = fields.text("data-group-id");
  const group = failure === undefined ? keep(call, name, csv, replaced) : undefined;
  const upload = {
    ...found.body,
    csv: undefined,
    registeredMs: call.nowMs,
    groupId: group?.id,
    failure: failure?.message,
  };
  savedObjects.put(project.id, UPLOAD, found.id, upload);
  return appAnswer(isLarge || group === undefined ? { uploadId: String(found.id) } : describe(group));
}

function keep(call: SandboxCall, name: string, csv: string, replaced: string | undefined): Group {
  const { store: { lookupTables, savedObjects }, project, nowMs } = call;
  if (replaced === undefined) {
    const uuid = randomUUID();
    lookupTables.add(project.id, { id: uuid, name }, csv);
    return groups(call).find((group) => group.uuid === uuid)!;
  }
  const group = named(call, replaced);
  lookupTables.replace(project.id, group.uuid, csv);
  lookupTables.rename(project.id, group.uuid, name);
  const saved = { ...group.saved, modifiedMs: nowMs };
  savedObjects.put(project.id, GROUP, group.id, saved);
  return { ...group, name, saved };
}

function uploadStatus(call: SandboxCall): Response {
  const { store: { savedObjects }, project, services: { settings } } = call;
  const id = idOf(call.url.searchParams.get("upload-id"));
  const upload = id === undefined ? undefined : savedObjects.get<SavedUpload>(project.id, UPLOAD, id);
  if (upload?.registeredMs === undefined) return appAnswer({ uploadStatus: "NOTFOUND", result: null });
  if (call.nowMs - upload.registeredMs < settings.gdprStageMs) {
    return appAnswer({ uploadStatus: "PENDING", result: null });
  }
  if (upload.failure !== undefined) {
    return appAnswer({ uploadStatus: "FAILURE", result: { error: upload.failure } });
  }
  return appAnswer({ uploadStatus: "SUCCESS", result: describe(named(call, upload.groupId)) });
}

async function rename(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const name = body.requiredText("name", 255);
  const group = named(call, body.id("data-group-id"));
  call.store.lookupTables.rename(call.project.id, group.uuid, name);
  return appAnswer(describe({ ...group, name }));
}

async function remove(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const ids = body.ids("data-group-ids");
  if (ids === undefined) throw body.refusal("data-group-ids", "this field is required");
  const { store, project } = call;
  for (const { id, uuid } of ids.map((id) => named(call, id))) {
    store.lookupTables.delete(project.id, uuid);
    store.savedObjects.delete(project.id, GROUP, id);
  }
  return jsonAnswer({ status: "ok" });
}

function downloadAddress(call: SandboxCall): Response {
  const { project } = call;
  const place = `/sandbox/storage/${project.id}/${named(call).uuid}`;
  return appAnswer(`${call.url.origin}${place}?signature=${signature(project.secret, place)}`);
}

function serve(call: SandboxCall): Response {
  requireSigned(call);
  const csv = call.store.lookupTables.csv(call.project.id, call.path.uuid ?? "");
  if (csv === undefined) throw new Refusal(404, "NoSuchKey");
  return csvAnswer(call, csv);
}

/** The whole text, or its first rows. */
function csvAnswer(call: SandboxCall, csv: string): Response {
  const limit = idOf(call.url.searchParams.get("limit"));
  if (limit === undefined) return textAnswer(csv, "text/csv; charset=utf-8");
  const [header, ...rows] = csvRecords(csv);
  const columns = header?.fields ?? [];
  const format = csvFormat(columns);
  const lines = rows.slice(0, limit).map(({ fields }) =>
    format.line(Object.fromEntries(columns.map((column, index) => [column, fields[index]])))
  );
  return textAnswer([format.line(Object.fromEntries(columns.map((one) => [one, one]))), ...lines].join(""), "text/csv");
}
