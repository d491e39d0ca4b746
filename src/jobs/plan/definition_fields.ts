/** Which fields of a server's object are part of a definition. */
import { withoutEnvelope } from "../../api/call.ts";
import { isObject } from "../../streams/json/is_object.ts";
import type { DefinitionFields } from "./definition.ts";

/**
 * Those of `keys` that are set: null, and an empty text, list or object, say the same as nothing.
 *
 * @param usual values that things have unless somebody changes them: they say nothing either
 */
export function setFields(
  row: Readonly<Record<string, unknown>>,
  keys: readonly string[],
  usual: DefinitionFields = {},
): DefinitionFields {
  const isSet = (key: string) => !isEmpty(row[key]) && (!(key in usual) || row[key] !== usual[key]);
  return Object.fromEntries(keys.filter(isSet).map((key) => [key, row[key]]));
}

/** The objects of an answered list, or of a map by id, with integers of any length. */
export function rowsOf(data: unknown): Record<string, unknown>[] {
  const list = withoutEnvelope(data);
  return (Array.isArray(list) ? list : isObject(list) ? Object.values(list) : []).filter(isObject);
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === "") return true;
  return (Array.isArray(value) || isObject(value)) && Object.keys(value).length === 0;
}
