/** Whether an event is in Mixpanel's own layout, or a row of a table. */
import type { FieldName, Recipe } from "./map_recipe.ts";
import { sourcesOfField } from "./column_targets.ts";
import { firstOf, isEmpty, objectOf, type SourceRow } from "./map_values.ts";
import { NESTED } from "./nested_names.ts";

/** What says that a record is a row, when it stands beside `properties` and not in them. */
const TOLD_BY: readonly FieldName[] = ["time", "distinct_id", "insert_id"];

/**
 * Tells whether records are events in Mixpanel's own layout: `event` and `properties`, and the fields among the latter. A
 * row of a table may have both columns too, as the tables of warehouses do; then its fields are columns.
 */
export function ownLayout(recipe: Recipe): (record: SourceRow) => boolean {
  if (recipe.layout === "flat") return () => false;
  // What is mapped by hand may stand beside the properties of an event, too.
  const fields = TOLD_BY.filter((name) => recipe.fields?.[name] === undefined).map((name) => ({
    beside: firstOf(sourcesOfField(recipe, name, true).filter((path) => !path.includes("."))),
    within: firstOf(sourcesOfField(recipe, name, false)),
  }));
  return (record) => {
    if (!Object.hasOwn(record, "event") || !Object.hasOwn(record, NESTED)) return false;
    return fields.every(({ beside, within }) =>
      isEmpty(beside(record)) || !isEmpty(within(objectOf(record[NESTED]) ?? NOTHING))
    );
  };
}

const NOTHING: SourceRow = {};
