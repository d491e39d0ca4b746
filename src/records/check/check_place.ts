/** Where in its source a problem is. */
import { valueColumn } from "../../streams/json/json_position.ts";
import type { FieldName, Recipe } from "../map/map_recipe.ts";

/** What a field is called in a rule, and in a recipe. */
const FIELDS: Readonly<Record<string, { name: FieldName; columns: readonly string[] }>> = {
  event: { name: "event", columns: ["event"] },
  "properties.time": { name: "time", columns: ["time"] },
  time: { name: "time", columns: ["time"] },
  $insert_id: { name: "insert_id", columns: ["$insert_id", "insert_id"] },
  "properties.distinct_id": { name: "distinct_id", columns: ["distinct_id", "$distinct_id"] },
  $distinct_id: { name: "distinct_id", columns: ["$distinct_id", "distinct_id"] },
  $group_id: { name: "group_id", columns: ["$group_id", "group_id"] },
};

/** The columns or paths that a field may have come from, the likeliest first. */
function sourcesOf(field: string, recipe: Recipe = {}): string[] {
  const known = FIELDS[field];
  if (known !== undefined) return [...(recipe.fields?.[known.name]?.from ?? known.columns)];
  const property = field.replace(/^properties\.|^\$set\./, "");
  const renamed = recipe.rename?.[property];
  const merged = (recipe.merge ?? []).map(({ from, prefix = "" }) =>
    property.startsWith(prefix) ? `${from}.${property.slice(prefix.length)}` : from
  );
  return [...(renamed === undefined ? [] : [renamed].flat()), property, ...merged];
}

/** The column, from 1, in a line of JSON where the value of a field begins. */
export function columnInJson(text: string, field: string, recipe?: Recipe): number | undefined {
  for (const source of sourcesOf(field, recipe)) {
    for (const path of [[source], ["properties", source], source.split("."), ["properties", ...source.split(".")]]) {
      const column = valueColumn(text, path);
      if (column !== undefined) return column;
    }
  }
  return undefined;
}

/** The number, from 1, and the name of the column of a table that a field comes from. */
export function columnInTable(
  columns: readonly string[],
  field: string,
  recipe?: Recipe,
): { column: number; columnName: string } | undefined {
  for (const source of sourcesOf(field, recipe)) {
    const index = columns.indexOf(source);
    if (index >= 0) return { column: index + 1, columnName: source };
  }
  return undefined;
}
