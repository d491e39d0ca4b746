/** A schema with changes made to it: a write replaces the whole, and what is not named is to stay. */
import { type EntitySchema, WRITABLE_METADATA } from "../../../api/lexicon.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { ownMember, setMember } from "../../../streams/json/members.ts";

const OWN = "com.mixpanel";

/**
 * The schema that `before` becomes. Properties and metadata are merged name by name; all else is taken from `changes`
 * where it is there.
 */
export function mergeSchema(before: Record<string, unknown>, changes: EntitySchema): EntitySchema {
  const old = before as EntitySchema;
  const merged = { ...old, ...changes };
  const properties = mergeByName(old.properties, changes.properties);
  if (properties !== undefined) merged.properties = properties;
  const metadata = mergeMetadata(old.metadata, changes.metadata);
  if (metadata !== undefined) merged.metadata = metadata;
  return merged;
}

/**
 * A schema as it was read, without metadata of Mixpanel's that nobody is known to write: what a write does not name of it
 * stays as it is.
 */
export function writableSchema({ properties, metadata, ...schema }: Record<string, unknown>): Record<string, unknown> {
  const { property, entry } = WRITABLE_METADATA;
  const byName = isObject(properties)
    ? Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, withWritable(one, property)]))
    : properties;
  return withWritable({
    ...schema,
    ...(properties !== undefined && { properties: byName }),
    ...(metadata !== undefined && { metadata }),
  }, entry) as Record<string, unknown>;
}

function withWritable(schema: unknown, keys: readonly string[]): unknown {
  const { metadata } = isObject(schema) ? schema : {};
  const own = isObject(metadata) ? metadata[OWN] : undefined;
  if (!isObject(own)) return schema;
  const writable = Object.fromEntries(Object.entries(own).filter(([key]) => keys.includes(key)));
  return { ...schema as object, metadata: { ...metadata as object, [OWN]: writable } };
}

type Properties = EntitySchema["properties"];
type Metadata = EntitySchema["metadata"];

function mergeByName(old: Properties, changes: Properties): Properties {
  if (old === undefined || changes === undefined) return changes ?? old;
  const merged = { ...old };
  for (const [name, change] of Object.entries(changes)) {
    const before = ownMember(old, name) as typeof change | undefined;
    const both = before === undefined
      ? change
      : { ...before, ...change, metadata: mergeMetadata(before.metadata, change.metadata) as typeof change.metadata };
    setMember(merged, name, both);
  }
  return merged;
}

function mergeMetadata(old: Metadata, changes: Metadata): Metadata {
  if (!old || !changes) return changes ?? old;
  return { ...old, ...changes, [OWN]: { ...old[OWN], ...changes[OWN] } };
}
