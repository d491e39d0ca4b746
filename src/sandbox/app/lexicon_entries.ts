/**
 * What is written about events and profiles: one entry each, which the published schemas and the data definitions both
 * show and change.
 */
import type { SandboxCall } from "../call.ts";
import type { Store } from "../store/store.ts";
import type { JsonObject } from "./body.ts";
import type { Stored } from "./collection.ts";

/** The kind of saved objects that entries are. */
export const LEXICON_SCHEMA = "lexicon_schema";

/** Custom events are not published, but official clients know them. */
export const ENTITY_TYPES = ["event", "profile", "custom_event"] as const;
export type EntityType = typeof ENTITY_TYPES[number];

/** An entry of the dictionary. */
export interface SavedSchema {
  entityType: EntityType;
  name: string;
  schemaJson: JsonObject;
  /** What only data definitions say. */
  definition?: SavedDefinition;
  /** Nobody has written a schema: only data definitions show it. */
  hasNoSchema?: boolean;
}

/** Beside a schema. Times are milliseconds since 1970. */
export interface SavedDefinition {
  verified?: boolean;
  merged?: boolean;
  createdMs: number;
  modifiedMs: number;
}

export const OWN = "com.mixpanel";

/** The fields of a schema, or of a property in it, that are Mixpanel's own. */
export function ownFields(schema: JsonObject | undefined): JsonObject {
  return ((schema?.metadata as JsonObject | undefined)?.[OWN] ?? {}) as JsonObject;
}

/** The same schema with other fields of Mixpanel's own. */
export function withOwnFields(schema: JsonObject, fields: JsonObject): JsonObject {
  return { ...schema, metadata: { ...schema.metadata as JsonObject | undefined, [OWN]: fields } };
}

/** The properties of a schema, by name. */
export function propertiesOf(schema: JsonObject): Record<string, JsonObject> {
  return (schema.properties ?? {}) as Record<string, JsonObject>;
}

export function entriesOf(store: Store, projectId: number): Stored<SavedSchema>[] {
  return store.savedObjects.list(projectId, LEXICON_SCHEMA);
}

const keyOf = ({ entityType, name }: Pick<SavedSchema, "entityType" | "name">): string => `${entityType} ${name}`;

/** The entries of a project, found by type and name while they are changed. */
export class LexiconEntries {
  readonly #byName: Map<string, Stored<SavedSchema>>;

  constructor(private readonly call: SandboxCall) {
    this.#byName = new Map(entriesOf(call.store, call.project.id).map((one) => [keyOf(one.body), one]));
  }

  all(): Stored<SavedSchema>[] {
    return [...this.#byName.values()];
  }

  find(entityType: EntityType, name: string): Stored<SavedSchema> | undefined {
    return this.#byName.get(keyOf({ entityType, name }));
  }

  /** Saves an entry in place of the one of its type and name. */
  put(entry: SavedSchema): Stored<SavedSchema> {
    const { store: { savedObjects }, project } = this.call;
    const before = this.find(entry.entityType, entry.name);
    const id = before?.id ?? savedObjects.add(project.id, LEXICON_SCHEMA, entry);
    if (before !== undefined) savedObjects.put(project.id, LEXICON_SCHEMA, id, entry);
    const stored = { id, body: entry };
    this.#byName.set(keyOf(entry), stored);
    return stored;
  }

  delete({ id, body }: Stored<SavedSchema>): void {
    this.call.store.savedObjects.delete(this.call.project.id, LEXICON_SCHEMA, id);
    this.#byName.delete(keyOf(body));
  }
}
