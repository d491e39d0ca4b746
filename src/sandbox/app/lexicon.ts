/** The data dictionary: JSON schemas of events and profiles. */
import { appUser } from "../authentication.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, jsonAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { Refusal } from "../refusal.ts";
import { appSurface } from "../surfaces.ts";
import { requireRole } from "./access.ts";
import { Body, type JsonObject, readBody } from "./body.ts";
import type { Stored } from "./collection.ts";
import {
  ENTITY_TYPES,
  type EntityType,
  entriesOf,
  LEXICON_SCHEMA,
  LexiconEntries,
  OWN,
  ownFields,
  type SavedSchema,
} from "./lexicon_entries.ts";

/** Published limits of a request. */
const MOST_WRITES = 4000;
const MOST_DELETIONS = 3000;

const PROPERTY_TYPES = ["array", "boolean", "integer", "null", "number", "object", "string"];
const PROPERTY_METADATA = ["displayName", "hidden", "dropped"];
const ENTITY_METADATA = [...PROPERTY_METADATA, "$source", "tags", "contacts", "teamContacts"];

const ALL = "/projects/{project_id}/schemas";
const TYPE = `${ALL}/{entity_type}`;
const ONE = `${TYPE}/{name}`;
const common = { surface: appSurface, access: appUser, quota: "lexicon" } as const;

export const lexiconEndpoints: SandboxEndpoint[] = [
  { ...common, methods: ["GET"], path: ALL, respond: list },
  { ...common, methods: ["GET"], path: TYPE, respond: list },
  { ...common, methods: ["GET"], path: ONE, respond: get },
  { ...common, methods: ["POST"], path: ALL, respond: upload },
  { ...common, methods: ["POST"], path: ONE, respond: set },
  { ...common, methods: ["PATCH"], path: ALL, respond: mergeMany },
  { ...common, methods: ["PATCH"], path: ONE, respond: mergeOne },
  { ...common, methods: ["DELETE"], path: ALL, respond: remove },
  { ...common, methods: ["DELETE"], path: TYPE, respond: remove },
  { ...common, methods: ["DELETE"], path: ONE, respond: remove },
];

/** The entries that the path and `entity_name` choose. */
function chosen(call: SandboxCall): Stored<SavedSchema>[] {
  const type = call.path.entity_type === undefined ? undefined : entityTypeOf(call.path.entity_type);
  const name = call.path.name ?? call.url.searchParams.get("entity_name") ?? undefined;
  return stored(call).filter(({ body }) =>
    (type === undefined || body.entityType === type) && (name === undefined || body.name === name)
  );
}

function list(call: SandboxCall): Response {
  return appAnswer(
    chosen(call).map(({ body: { entityType, name, schemaJson } }) => ({ entityType, name, schemaJson })),
  );
}

/** One schema comes without the envelope. */
function get(call: SandboxCall): Response {
  const [found] = chosen(call);
  if (found === undefined) throw new Refusal(404, "Schema not found");
  return jsonAnswer(found.body.schemaJson);
}

async function upload(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const body = (await readBody(call)).allow(["entries", "truncate"]);
  const given = body.objects("entries");
  if (given === undefined) throw body.refusal("entries", "this field is required");
  const entries = given.map(readEntry);
  const writes = entries.reduce((sum, { schemaJson }) => sum + 1 + Object.keys(schemaJson.properties ?? {}).length, 0);
  if (writes > MOST_WRITES) {
    throw new Refusal(429, `Cannot update more than ${MOST_WRITES} events and properties per minute`);
  }
  const deleted = body.truth("truncate") === true ? deleteAll(call, stored(call)) : 0;
  const written = new LexiconEntries(call);
  for (const entry of entries) replace(written, entry);
  return appAnswer({ added: entries.length, deleted });
}

async function set(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const body = await readBody(call);
  checkSchema(body);
  const { entity_type, name } = call.path as { entity_type: string; name: string };
  replace(new LexiconEntries(call), { entityType: entityTypeOf(entity_type), name, schemaJson: body.fields });
  return jsonAnswer({ status: "ok" });
}

/** Merges what a client of Mixpanel's own sends: properties and metadata that are not named stay. */
async function mergeOne(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const body = await readBody(call);
  checkSchema(body);
  const { entity_type, name } = call.path as { entity_type: string; name: string };
  const entry = { entityType: entityTypeOf(entity_type), name, schemaJson: body.fields };
  return appAnswer(merge(new LexiconEntries(call), entry).schemaJson);
}

/** Each entry is answered for by itself. */
async function mergeMany(call: SandboxCall): Promise<Response> {
  requireRole(call, "analyst");
  const body = await readBody(call);
  const given = body.objects("entries");
  if (given === undefined) throw body.refusal("entries", "this field is required");
  const written = new LexiconEntries(call);
  return appAnswer(given.map((one) => {
    const { entityType, name } = one.fields;
    try {
      merge(written, readEntry(one));
      return { entityType, name, status: "ok", error: null };
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      return { entityType, name, status: "error", error: error.message };
    }
  }));
}

function remove(call: SandboxCall): Response {
  requireRole(call, "analyst");
  return appAnswer({ delete_count: deleteAll(call, chosen(call)) });
}

function deleteAll(call: SandboxCall, entries: readonly Stored<SavedSchema>[]): number {
  if (entries.length > MOST_DELETIONS) {
    throw new Refusal(400, `Cannot delete more than ${MOST_DELETIONS} schemas in one request`);
  }
  for (const { id } of entries) call.store.savedObjects.delete(call.project.id, LEXICON_SCHEMA, id);
  return entries.length;
}

function stored({ store, project }: SandboxCall): Stored<SavedSchema>[] {
  return entriesOf(store, project.id).filter(({ body }) => !body.hasNoSchema);
}

/** Writes an entry in place of the one of its type and name, and keeps what data definitions say of it. */
function replace(entries: LexiconEntries, entry: SavedSchema): void {
  const before = entries.find(entry.entityType, entry.name)?.body;
  entries.put({
    ...entry,
    definition: before?.definition,
    schemaJson: withMetadataOf(before?.schemaJson, entry.schemaJson),
  });
}

function merge(entries: LexiconEntries, entry: SavedSchema): SavedSchema {
  const before = entries.find(entry.entityType, entry.name)?.body;
  const properties = { ...before?.schemaJson.properties as JsonObject, ...entry.schemaJson.properties as JsonObject };
  const whole = { ...before?.schemaJson, ...entry.schemaJson, ...Object.keys(properties).length > 0 && { properties } };
  const schemaJson = withMetadataOf(before?.schemaJson, whole);
  return entries.put({ ...entry, definition: before?.definition, schemaJson }).body;
}

/** A new schema replaces the old one, but for metadata that it doesn't have: `null` removes a field of it. */
function withMetadataOf(before: JsonObject | undefined, after: JsonObject): JsonObject {
  const merged = mergeMetadata(before, after);
  if (after.properties === undefined) return merged;
  const old = (before?.properties ?? {}) as Record<string, JsonObject>;
  const properties = Object.entries(after.properties as Record<string, JsonObject>)
    .map(([name, property]) => [name, mergeMetadata(Object.hasOwn(old, name) ? old[name] : undefined, property)]);
  return { ...merged, properties: Object.fromEntries(properties) };
}

function mergeMetadata(before: JsonObject | undefined, after: JsonObject): JsonObject {
  const fields = Object.entries({ ...ownFields(before), ...ownFields(after) }).filter(([, value]) => value !== null);
  const { metadata, ...rest } = after;
  if (fields.length === 0 && metadata === undefined) return rest;
  return { ...rest, metadata: { ...metadata as JsonObject | undefined, [OWN]: Object.fromEntries(fields) } };
}

function readEntry(body: Body): SavedSchema {
  body.allow(["entityType", "name", "schemaJson"]);
  const schema = body.object("schemaJson");
  if (schema === undefined) throw body.refusal("schemaJson", "this field is required");
  checkSchema(schema);
  return {
    entityType: entityTypeOf(body.requiredText("entityType")),
    name: body.requiredText("name"),
    schemaJson: schema.fields,
  };
}

function checkSchema(schema: Body): void {
  schema.text("description");
  schema.object("metadata")?.object(OWN)?.allow(ENTITY_METADATA);
  const properties = schema.object("properties");
  for (const name of Object.keys(properties?.fields ?? {})) {
    const property = properties?.object(name);
    const { type } = property?.fields ?? {};
    const types = Array.isArray(type) ? type : [type];
    if (!types.every((one) => PROPERTY_TYPES.includes(one))) {
      throw new Refusal(400, `properties.${name}.type: must be one of ${PROPERTY_TYPES.join(", ")}`);
    }
    property?.object("metadata")?.object(OWN)?.allow(PROPERTY_METADATA);
  }
}

function entityTypeOf(text: string): EntityType {
  const type = ENTITY_TYPES.find((one) => one === text);
  if (type === undefined) throw new Refusal(400, `Invalid entity type '${text}'`);
  return type;
}
