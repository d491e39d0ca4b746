/**
 * The data dictionary: what events and profiles are expected to have. In a plan an entry is flat, `[properties.amount]` with
 * `type`, `description` and what the published schema keeps in its metadata.
 */
import { z } from "zod";
import { call } from "../../../api/call.ts";
import { listEventDefinitions, MOST_DEFINITIONS, updateEventDefinitions } from "../../../api/data_definitions.ts";
import {
  deleteSchema,
  type EntitySchema,
  listSchemasOfType,
  type SchemaEntry,
  uploadSchemas,
} from "../../../api/lexicon.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { uploadLexicon } from "../../upload_lexicon.ts";
import type { DefinitionFields } from "../definition.ts";
import { rowsOf, setFields } from "../definition_fields.ts";
import type { PlanKind, PlanProject, WantedThing } from "../plan_kind.ts";

type EntityType = SchemaEntry["entityType"];

const OWN = "com.mixpanel";
const PROPERTY_METADATA = ["displayName", "hidden", "dropped"];
const USUAL = { hidden: false, dropped: false, verified: false };
const ENTITY_METADATA = [...PROPERTY_METADATA, "tags", "contacts", "teamContacts"];

const volume = z.strictObject({ min: z.int().min(0).optional(), max: z.int().min(0).optional() })
  .refine(({ min = 0, max = Infinity }) => min <= max, { error: "min is more than max" });

/** An event whose file says nothing that can be checked would pass for one that is as planned. */
const shape = z.looseObject({
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.looseObject({ enum: z.array(z.unknown()).optional() })).optional(),
  volume: volume.optional(),
});

export const eventKind = schemaKind("events", "event", ["volume"]);
export const profileKind = schemaKind("profiles", "profile", []);

function schemaKind(kind: string, type: EntityType, localFields: readonly string[]): PlanKind {
  const isOfEvents = type === "event";
  const write = async (project: PlanProject, wanted: readonly WantedThing[]) => {
    await writeSchemas(project, wanted);
    if (isOfEvents) await writeVerified(project, wanted);
  };
  const writeSchemas = async ({ client, clock, signal, note }: PlanProject, wanted: readonly WantedThing[]) => {
    await uploadLexicon(client, wanted.map((one) => entryOf(type, one)), {
      clock,
      signal,
      onPause: (written, total) => note(`Wrote ${written} of ${total} schemas; waiting for the next minute`),
    });
  };
  return {
    kind,
    fields: [
      "description",
      ...(isOfEvents ? ["verified"] : []),
      ...ENTITY_METADATA,
      "required",
      "schema",
      "properties",
    ],
    jsonFields: ["schema"],
    localFields,
    shape,
    normal,
    sent: { params: uploadSchemas.params, body: (wanted) => ({ entries: [entryOf(type, wanted)] }) },
    async read(project) {
      const verified = isOfEvents ? await verifiedEvents(project) : new Set<string>();
      return (await schemasOf(project, type)).map(({ name, schemaJson }) => ({
        id: String(name),
        name: String(name),
        fields: {
          ...fieldsOf(isObject(schemaJson) ? schemaJson : {}),
          ...(verified.has(String(name)) ? { verified: true } : {}),
        },
      }));
    },
    async create(project, wanted) {
      await write(project, [wanted]);
      return wanted.name;
    },
    update: (project, wanted) => write(project, [wanted]),
    writeMany: write,
    async remove({ client }, id) {
      await call(client, deleteSchema, { entity_type: type, name: String(id) });
    },
  };
}

/** The schemas of a project, as servers have them. */
export function schemasOf({ client, once }: PlanProject, entity_type: EntityType): Promise<DefinitionFields[]> {
  return once(`schemas of ${entity_type}`, async () => {
    const answer = await call(client, listSchemasOfType, { entity_type });
    answer.result();
    return rowsOf(answer.data);
  });
}

/** Schemas do not know which events are verified. */
async function verifiedEvents({ client }: PlanProject): Promise<Set<string>> {
  const definitions = (await call(client, listEventDefinitions, {})).result();
  return new Set(definitions.filter(({ verified }) => verified === true).map(({ name }) => name));
}

async function writeVerified({ client }: PlanProject, wanted: readonly WantedThing[]): Promise<void> {
  for (let at = 0; at < wanted.length; at += MOST_DEFINITIONS) {
    const events = wanted.slice(at, at + MOST_DEFINITIONS)
      .map(({ name, fields }) => ({ name, verified: fields.verified === true }));
    await call(client, updateEventDefinitions, { events });
  }
}

/** Of a schema as servers have it. */
function fieldsOf({ description, metadata, properties, required, ...schema }: DefinitionFields): DefinitionFields {
  return {
    ...setFields({ description, required }, ["description", "required"]),
    ...metadataFields(metadata, ENTITY_METADATA),
    ...(Object.keys(schema).length === 0 ? {} : { schema }),
    ...(isObject(properties) && Object.keys(properties).length > 0
      ? { properties: Object.fromEntries(inOrder(properties).map(([name, one]) => [name, propertyFields(one)])) }
      : {}),
  };
}

function normal({ properties, ...fields }: DefinitionFields): DefinitionFields {
  const said = isObject(properties) ? Object.entries(properties) : [];
  const byName = said.map(([name, one]) => [name, isObject(one) ? setFields(one, Object.keys(one), USUAL) : one]);
  return {
    ...setFields(fields, Object.keys(fields), USUAL),
    ...(said.length > 0 && { properties: Object.fromEntries(byName) }),
  };
}

/** Servers have no order of properties. */
const inOrder = (properties: object) => Object.entries(properties).sort(([a], [b]) => a < b ? -1 : 1);

function propertyFields(property: unknown): DefinitionFields {
  const { metadata, ...rest } = isObject(property) ? property : {};
  return { ...setFields(rest, Object.keys(rest)), ...metadataFields(metadata, PROPERTY_METADATA) };
}

/** False says the same as nothing. */
function metadataFields(metadata: unknown, keys: readonly string[]): DefinitionFields {
  const own = isObject(metadata) && isObject(metadata[OWN]) ? metadata[OWN] : {};
  return setFields(own, keys.filter((key) => own[key] !== false));
}

function entryOf(entityType: EntityType, { name, fields }: WantedThing): SchemaEntry {
  const { description, required, schema = {}, properties, verified: _verified, ...metadata } = fields;
  const schemaJson = {
    ...schema as object,
    description: description ?? "",
    ...(required === undefined ? {} : { required }),
    properties: Object.fromEntries(
      Object.entries(properties as DefinitionFields ?? {}).map(([name, one]) => [name, propertySchemaOf(one)]),
    ),
    metadata: metadataOf(metadata, ENTITY_METADATA),
  };
  return { entityType, name, schemaJson: schemaJson as EntitySchema };
}

function propertySchemaOf(property: unknown): object {
  const fields = isObject(property) ? property : {};
  const rest = Object.fromEntries(Object.entries(fields).filter(([key]) => !PROPERTY_METADATA.includes(key)));
  return { ...rest, metadata: metadataOf(fields, PROPERTY_METADATA) };
}

/** Metadata that is not there stays in the project as it is; null removes it. */
function metadataOf(fields: DefinitionFields, keys: readonly string[]): object {
  return { [OWN]: Object.fromEntries(keys.map((key) => [key, fields[key] ?? null])) };
}
