/** The fields of a mapped record that are no properties. */
import { sha256Hex } from "../../runtime/hash.ts";
import { stringifyJson } from "../../streams/json/json.ts";
import { DEFAULT_FIELDS, type FieldName, type FieldRule, type Recipe } from "./map_recipe.ts";
import { firstOf, type Getter, getter, isEmpty } from "./map_values.ts";

const HASH_CHARACTERS = 36;

/** Reads a field by the rule that the recipe has for it, or from the columns that have its name. */
export function field(recipe: Recipe, name: FieldName): Getter {
  const rule: FieldRule = recipe.fields?.[name] ?? { from: DEFAULT_FIELDS[name] };
  const { from = [], constant, byValue, hashOf } = rule;
  const read = firstOf(from);
  const fallback = hashOf === undefined ? () => constant : hasher(hashOf);
  const direct: Getter = (row) => {
    const value = from.length === 0 ? undefined : read(row);
    return isEmpty(value) ? fallback(row) : value;
  };
  if (byValue === undefined) return direct;
  const selector = getter(byValue.from);
  const values = new Map(Object.entries(byValue.values));
  return (row) => values.get(String(selector(row))) ?? direct(row);
}

function hasher(paths: readonly string[]): Getter {
  const getters = paths.map(getter);
  return (row) => sha256Hex(stringifyJson(getters.map((get) => get(row) ?? null))).slice(0, HASH_CHARACTERS);
}
