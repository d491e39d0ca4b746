/**
 * `/data-definitions/properties/`. A property is known by its name alone, whatever events have it; where schemas have it,
 * what they share with it is theirs.
 */
import type { Body, JsonObject } from "../app/body.ts";
import { readBody } from "../app/body.ts";
import { LexiconEntries, ownFields, propertiesOf, type SavedSchema, withOwnFields } from "../app/lexicon_entries.ts";
import type { SandboxCall } from "../call.ts";
import { appAnswer, type SandboxEndpoint } from "../endpoint.ts";
import { eventViewOf } from "../query/report.ts";
import { Refusal } from "../refusal.ts";
import { historyAnswer, recordChange } from "./history.ts";
import { reads, writes } from "./rights.ts";

/** The kind of saved objects that definitions of properties are. */
export const PROPERTY_DEFINITION = "property_definition";

const FIRST_SHARED_ID = 1_000_000;
const RESOURCE_TYPES = ["Event", "User", "GroupProfile"] as const;
type ResourceType = typeof RESOURCE_TYPES[number];

/** What no schema says of a property. */
export interface SavedProperty {
  resourceType: ResourceType;
  name: string;
  fields: JsonObject;
}

export const propertyDefinitionEndpoints: SandboxEndpoint[] = [
  reads("properties/", (call) => appAnswer(propertyDefinitions(call))),
  writes("PATCH", "properties/", change),
  reads("properties/{name}/history/", (call) => {
    const type = call.url.searchParams.get("entity_type") ?? "event";
    return historyAnswer(call, `${type.toLowerCase()} property ${call.path.name}`);
  }),
];

/** Names in snake case are ignored; a name that nobody knows has a definition without an id. */
export function propertyDefinitions(call: SandboxCall, given?: ResourceType): JsonObject[] {
  const { searchParams } = call.url;
  const type = given ?? resourceTypeOf(searchParams.get("resourceType") ?? "Event");
  const wanted = given === undefined ? [...searchParams.getAll("name[]"), ...searchParams.getAll("name")] : [];
  const definitions = new PropertyDefinitions(call, type);
  return (wanted.length > 0 ? wanted : definitions.names()).map((name) => definitions.describe(name));
}

function resourceTypeOf(text: string): ResourceType {
  const type = RESOURCE_TYPES.find((one) => one === text);
  if (type === undefined) throw new Refusal(400, "Invalid resource type");
  return type;
}

/** The definitions of one kind of property. */
class PropertyDefinitions {
  readonly #entries: LexiconEntries;
  readonly #own: Map<string, { id: number; body: SavedProperty }>;

  constructor(private readonly call: SandboxCall, private readonly type: ResourceType) {
    this.#entries = new LexiconEntries(call);
    const saved = call.store.savedObjects.list<SavedProperty>(call.project.id, PROPERTY_DEFINITION);
    this.#own = new Map(saved.filter(({ body }) => body.resourceType === type).map((one) => [one.body.name, one]));
  }

  /** The schemas of what has such properties. */
  #schemas(): SavedSchema[] {
    return this.#entries.all().map(({ body }) => body).filter(({ entityType, name }) =>
      this.type === "Event"
        ? entityType === "event"
        : entityType === "profile" && (name === "$user") === (this.type === "User")
    );
  }

  names(): string[] {
    const inSchemas = this.#schemas().flatMap(({ schemaJson }) => Object.keys(propertiesOf(schemaJson)));
    return [...new Set([...inSchemas, ...this.#own.keys(), ...this.#sent()])].sort();
  }

  /** Those that came with data. */
  #sent(): string[] {
    const { store, project } = this.call;
    if (this.type === "Event") return eventViewOf(this.call).table.properties();
    if (this.type !== "User") return [];
    const names = new Set<string>();
    for (const { properties } of store.profiles.all(project.id)) {
      for (const name of Object.keys(properties)) names.add(name);
    }
    return [...names];
  }

  describe(name: string): JsonObject {
    const [shared] = this.#inSchemas(name);
    const own = this.#own.get(name);
    const metadata = ownFields(shared);
    const fields = shared === undefined ? own?.body.fields ?? {} : { ...metadata, description: shared.description };
    return {
      id: own?.id ?? this.#idInSchemas(name) ?? 0,
      name,
      resourceType: this.type,
      displayName: fields.displayName ?? "",
      description: fields.description ?? "",
      hidden: fields.hidden === true,
      dropped: fields.dropped === true,
      merged: own?.body.fields.merged === true,
      sensitive: own?.body.fields.sensitive === true,
      dataGroupId: null,
    };
  }

  /** What schemas describe has an id, too. */
  #idInSchemas(name: string): number | undefined {
    for (const { entityType, name: of, schemaJson } of this.#schemas()) {
      const place = Object.keys(propertiesOf(schemaJson)).indexOf(name);
      if (place >= 0) return FIRST_SHARED_ID + 1000 * this.#entries.find(entityType, of)!.id + place;
    }
    return undefined;
  }

  #inSchemas(name: string): JsonObject[] {
    return this.#schemas().map(({ schemaJson }) => propertiesOf(schemaJson))
      .filter((properties) => Object.hasOwn(properties, name)).map((properties) => properties[name] as JsonObject);
  }

  change(name: string, fields: JsonObject): JsonObject {
    const { store: { savedObjects }, project } = this.call;
    const before = this.describe(name);
    for (const schema of this.#schemas()) this.#changeIn(schema, name, fields);
    const own = this.#own.get(name);
    const body: SavedProperty = { resourceType: this.type, name, fields: { ...own?.body.fields, ...fields } };
    const id = own?.id ?? savedObjects.add(project.id, PROPERTY_DEFINITION, body);
    if (own !== undefined) savedObjects.put(project.id, PROPERTY_DEFINITION, id, body);
    this.#own.set(name, { id, body });
    recordChange(this.call, `${this.type.toLowerCase()} property ${name}`, before, fields);
    return this.describe(name);
  }

  #changeIn(entry: SavedSchema, name: string, fields: JsonObject): void {
    const properties = propertiesOf(entry.schemaJson);
    if (!Object.hasOwn(properties, name)) return;
    const { description, merged: _merged, sensitive: _sensitive, ...own } = fields;
    const before = properties[name] as JsonObject;
    const described = description === undefined ? before : { ...before, description };
    const property = Object.keys(own).length === 0
      ? described
      : withOwnFields(described, { ...ownFields(before), ...own });
    this.#entries.put({
      ...entry,
      schemaJson: { ...entry.schemaJson, properties: { ...properties, [name]: property } },
    });
  }
}

/** One property, whose fields are the body, or a list of them. */
async function change(call: SandboxCall): Promise<Response> {
  const body = await readBody(call);
  const many = body.objects("properties");
  const changed = (many ?? [body]).map((one) => {
    const type = resourceTypeOf(one.text("resourceType") ?? "Event");
    const fields = readFields(one);
    if (type !== "Event" && fields.dropped === true) throw new Refusal(400, "Only event properties can be dropped");
    return new PropertyDefinitions(call, type).change(one.requiredText("name"), fields);
  });
  return appAnswer(many === undefined ? changed[0] : changed);
}

function readFields(body: Body): JsonObject {
  const fields: JsonObject = {
    description: body.text("description"),
    displayName: body.text("displayName"),
    hidden: body.truth("hidden"),
    dropped: body.truth("dropped"),
    merged: body.truth("merged"),
    sensitive: body.truth("sensitive"),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}
