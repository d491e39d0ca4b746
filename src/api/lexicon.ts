/** Lexicon schemas: the data dictionary. Five requests a minute for an organization. */
import { z } from "zod";
import { saysOkOr } from "./done_answer.ts";
import { APP, del, get, operation, patch, post } from "./operation.ts";
import { choice, text } from "./params.ts";

const lexicon = { ...APP, quota: "lexicon" } as const;

/** Events and properties that may be written in a minute, in an organization. */
export const MAX_WRITES_PER_MINUTE = 4000;

/** What a schema can be of. A user profile's name is `$user`; a group profile's is its group key. */
const ENTITY_TYPES = ["event", "profile"] as const;

const entityType = choice(ENTITY_TYPES, "What the schema is of");
const entityName = text("Event's name; $user for user profiles, or a group key", {
  placeholder: "NAME",
  lists: "mp lexicon list",
});

/** `null` removes a field of the metadata; one that is missing stays as it is. */
const metadata = <T extends z.ZodRawShape>(fields: T) =>
  z.looseObject({ "com.mixpanel": z.strictObject(fields).nullish() });

const display = {
  displayName: z.string().nullish(),
  hidden: z.boolean().nullish(),
  dropped: z.boolean().nullish(),
};

const propertySchema = z.looseObject({
  type: z.union([
    z.enum(["array", "boolean", "integer", "null", "number", "object", "string"]),
    z.array(z.string()),
  ]),
  description: z.string().nullish(),
  metadata: metadata(display).nullish(),
});

const entityMetadata = {
  ...display,
  $source: z.string().nullish(),
  tags: z.array(z.string()).nullish(),
  contacts: z.array(z.string()).nullish(),
  teamContacts: z.array(z.string()).nullish(),
};

/** What may be written as Mixpanel's own metadata, of a property and of an entry. */
export const WRITABLE_METADATA = { property: Object.keys(display), entry: Object.keys(entityMetadata) } as const;

/** A JSON schema of an event or profile. Besides these it may have what JSON Schema knows (`$schema`, `required`). */
export const entitySchema = z.looseObject({
  description: z.string().nullish(),
  properties: z.record(z.string(), propertySchema).optional(),
  metadata: metadata(entityMetadata).nullish(),
});

export type EntitySchema = z.output<typeof entitySchema>;

/** An entry of the dictionary. */
export const schemaEntry = z.strictObject({
  entityType: z.enum(ENTITY_TYPES),
  name: z.string().min(1),
  schemaJson: entitySchema,
});

export type SchemaEntry = z.output<typeof schemaEntry>;

/** What a server says of an entry may be more than may be written. */
const answeredEntry = z.looseObject({
  entityType: z.string(),
  name: z.string(),
  schemaJson: z.looseObject({
    description: z.string().nullish(),
    properties: z.record(z.string(), z.unknown()).nullish(),
    metadata: z.looseObject({ "com.mixpanel": z.record(z.string(), z.unknown()).nullish() }).nullish(),
  }),
});

/** The reference's list: events and properties apart, each with its own fields. */
const referenceList = z.looseObject({
  event_schemas: z.array(z.looseObject({ name: z.string() })),
  property_schemas: z.array(z.looseObject({ name: z.string() })).default([]),
});

const schemaList = z.union([z.array(answeredEntry), referenceList]);
const deleted = z.looseObject({ delete_count: z.number().optional(), deleteCount: z.number().optional() });

export const listSchemas = operation({
  id: "lexicon.list",
  summary: "list the data dictionary",
  routes: [get("app", "/projects/{project_id}/schemas")],
  ...lexicon,
  params: z.object({}),
  result: schemaList,
});

export const listSchemasOfType = operation({
  id: "lexicon.list_type",
  summary: "list the data dictionary's events or profiles",
  routes: [get("app", "/projects/{project_id}/schemas/{entity_type}")],
  ...lexicon,
  params: z.object({ entity_type: entityType, entity_name: entityName.optional() }),
  result: schemaList,
});

export const getSchema = operation({
  id: "lexicon.get",
  summary: "show what the data dictionary says of an event or profile",
  routes: [get("app", "/projects/{project_id}/schemas/{entity_type}/{name}")],
  ...lexicon,
  params: z.object({ entity_type: entityType, name: entityName }),
  result: answeredEntry.shape.schemaJson,
});

export const uploadSchemas = operation({
  id: "lexicon.upload",
  summary: "write many entries of the data dictionary",
  routes: [post("app", "/projects/{project_id}/schemas")],
  look: "mp lexicon list",
  ...lexicon,
  repeatable: true,
  params: z.object({
    entries: z.array(schemaEntry),
    truncate: z.boolean().optional().meta({ description: "Delete the whole dictionary first" }),
  }),
  isDone: saysOkOr("added", "deleted"),
  result: z.looseObject({ added: z.number().optional(), deleted: z.number().optional() }),
});

export const setSchema = operation({
  id: "lexicon.set",
  summary: "write what the data dictionary says of an event or profile",
  routes: [post("app", "/projects/{project_id}/schemas/{entity_type}/{name}")],
  look: "mp lexicon get {entity_type} {name}",
  ...lexicon,
  repeatable: true,
  body: { kind: "json", of: "schema" },
  params: z.object({ entity_type: entityType, name: entityName, schema: entitySchema }),
  result: z.unknown(),
});

/** Mixpanel merges: what an entry does not name stays. */
export const patchSchemas = operation({
  id: "lexicon.patch_many",
  summary: "merge many entries into the data dictionary",
  routes: [patch("app", "/projects/{project_id}/schemas")],
  look: "mp lexicon list",
  ...lexicon,
  unpublished: "client",
  repeatable: true,
  params: z.object({ entries: z.array(schemaEntry).min(1) }),
  result: z.array(z.looseObject({
    entityType: z.string().optional(),
    name: z.string(),
    status: z.string(),
    error: z.unknown().optional(),
  })),
});

export const patchSchema = operation({
  id: "lexicon.patch",
  summary: "merge into what the data dictionary says of an event or profile",
  routes: [patch("app", "/projects/{project_id}/schemas/{entity_type}/{name}")],
  look: "mp lexicon get {entity_type} {name}",
  ...lexicon,
  unpublished: "client",
  repeatable: true,
  body: { kind: "json", of: "schema" },
  params: z.object({ entity_type: entityType, name: entityName, schema: entitySchema }),
  result: z.unknown(),
});

export const deleteSchema = operation({
  id: "lexicon.delete",
  summary: "delete an entry of the data dictionary",
  routes: [del("app", "/projects/{project_id}/schemas/{entity_type}/{name}")],
  look: "mp lexicon get {entity_type} {name}",
  ...lexicon,
  params: z.object({ entity_type: entityType, name: entityName }),
  result: deleted,
});

export const deleteSchemasOfType = operation({
  id: "lexicon.delete_type",
  summary: "delete all events or all profiles of the data dictionary",
  routes: [del("app", "/projects/{project_id}/schemas/{entity_type}")],
  look: "mp lexicon list",
  ...lexicon,
  params: z.object({ entity_type: entityType, entity_name: entityName.optional() }),
  result: deleted,
});

export const deleteAllSchemas = operation({
  id: "lexicon.delete_all",
  summary: "delete the whole data dictionary",
  routes: [del("app", "/projects/{project_id}/schemas")],
  look: "mp lexicon list",
  ...lexicon,
  params: z.object({}),
  result: deleted,
});
