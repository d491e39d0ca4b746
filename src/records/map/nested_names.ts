/** Names of columns that hold what was nested in a record. */

import { OTHER_PROPERTIES } from "../../streams/table/table_schema.ts";

/** The column that holds all properties of an event. */
export const NESTED = "properties";

/** Whether the members of a column are properties: all of an event's, or those for which a table has no column. */
export const isOfMembers = (name: string): boolean => name === NESTED || name === OTHER_PROPERTIES;

/** Nested records are written to tables with the path as the column's name. */
export function withoutNesting(name: string): string {
  if (name.startsWith(`${NESTED}.`)) return name.slice(NESTED.length + 1);
  return name.startsWith("$properties.") ? name.slice("$properties.".length) : name;
}
