/** Which column becomes what, by a recipe: the same as the mapper does, said beforehand. */
import { isLoaderColumn } from "./envelopes.ts";
import { DEFAULT_FIELDS, type FieldName, OWN_FIELDS, type Recipe } from "./map_recipe.ts";
import { isOfMembers, withoutNesting } from "./nested_names.ts";

/** What a column, or a path into one, becomes. */
export interface ColumnTarget {
  column: string;
  /** `event`, `time`, `distinct_id`, `$insert_id`, or a property; `plan.*` for the members of an object. Unset: left out. */
  becomes?: string;
  /** Whether that is a field, and no property that is called like one. */
  isField?: true;
}

/** What fields are called in the record that is sent. */
const SENT_AS: Readonly<Record<FieldName, string>> = {
  event: "event",
  time: "time",
  distinct_id: "distinct_id",
  insert_id: "$insert_id",
  group_id: "$group_id",
};

/** The fields of each kind of record. */
export function fieldsOfKind({ kind = "events" }: Recipe): readonly FieldName[] {
  if (kind === "groups") return ["group_id"];
  return kind === "profiles" ? ["distinct_id"] : ["event", "time", "distinct_id", "insert_id"];
}

/** The columns or paths that a field is read from. */
export function sourcesOfField(recipe: Recipe, name: FieldName, isTable: boolean): readonly string[] {
  const rule = recipe.fields?.[name];
  return rule === undefined ? (isTable ? DEFAULT_FIELDS : OWN_FIELDS)[name] : rule.from ?? [];
}

/** Whether a property of this name is left out, unless it comes from a column that is mapped to it. */
export function leftOut({ drop, dropPrefixes = [], only }: Recipe): (name: string) => boolean {
  const dropped = new Set(drop);
  const taken = only && new Set(only);
  return (name) =>
    dropped.has(name) || taken?.has(name) === false || dropPrefixes.some((prefix) => name.startsWith(prefix));
}

/**
 * What becomes of a column, and of paths into it; at least one target.
 *
 * @param isTable false for a property of a record in Mixpanel's own layout
 */
export function columnTargets(recipe: Recipe, column: string, isTable: boolean): ColumnTarget[] {
  const found: ColumnTarget[] = [];
  const take = (path: string, becomes: string, isField?: true) => {
    if (path === column || (path.startsWith(`${column}.`))) found.push({ column: path, becomes, isField });
  };
  for (const name of fieldsOfKind(recipe)) {
    // Of the usual places only those are named that are columns.
    const isUsual = recipe.fields?.[name] === undefined;
    for (const path of sourcesOfField(recipe, name, isTable)) {
      if (path === column || !isUsual) take(path, SENT_AS[name], true);
    }
    const selector = recipe.fields?.[name]?.byValue?.from;
    if (selector !== undefined) take(selector, SENT_AS[name], true);
  }
  const dropped = new Set(recipe.drop);
  for (const [name, from] of Object.entries(recipe.rename ?? {})) {
    if (!dropped.has(name)) { for (const path of [from].flat()) take(path, name); }
  }
  for (const { from, prefix = "" } of recipe.merge ?? []) take(from, `${prefix}*`);
  const isMoved = found.some((one) => one.column === column);
  if (!isMoved) found.unshift({ column, becomes: restTarget(recipe, column, isTable) });
  return found;
}

/** The property that a column becomes which nothing else speaks of. */
function restTarget(recipe: Recipe, column: string, isTable: boolean): string | undefined {
  const isEvent = (recipe.kind ?? "events") === "events";
  if (recipe.rest === false || (recipe.kind === "groups" && column === "$group_key")) return undefined;
  if (isTable && isLoaderColumn(column)) return undefined;
  if (isTable && isEvent && isOfMembers(column) && recipe.layout !== "flat") return "*";
  const name = isTable ? withoutNesting(column) : column;
  if (leftOut(recipe)(name)) return undefined;
  if (Object.hasOwn(recipe.set ?? {}, name)) return undefined;
  const isField = isEvent && (name === "time" || name === "distinct_id" || name === "$insert_id");
  return isField ? `original_${name}` : name;
}
