/** Which fields of a server's object are part of a definition. */
import { withoutEnvelope } from "../../api/call.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { DefinitionFields } from "./definition.ts";

/** Those of `keys` that are set: null, and an empty text or list, say the same as nothing. */
export function setFields(row: Readonly<Record<string, unknown>>, keys: readonly string[]): DefinitionFields {
  return Object.fromEntries(keys.filter((key) => !isEmpty(row[key])).map((key) => [key, row[key]]));
}

/** What a write has to say so that fields that are not set any more become empty. */
export function emptied(fields: DefinitionFields, empty: DefinitionFields): DefinitionFields {
  return { ...empty, ...fields };
}

/** The objects of an answered list, with integers of any length. */
export function rowsOf(data: unknown): Record<string, unknown>[] {
  const list = withoutEnvelope(data);
  return Array.isArray(list) ? list.filter(isObject) : [];
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === "" || (Array.isArray(value) && value.length === 0);
}
