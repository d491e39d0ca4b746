/** Names of columns that hold what was nested in a record. */

/** The column that holds all properties of an event. */
export const NESTED = "properties";

/** Nested records are written to tables with the path as the column's name. */
export function withoutNesting(name: string): string {
  if (name.startsWith(`${NESTED}.`)) return name.slice(NESTED.length + 1);
  return name.startsWith("$properties.") ? name.slice("$properties.".length) : name;
}
