/** What a recipe does to events in Mixpanel's own layout, where it can be done to their text. */
import { stringifyJson } from "../../streams/json/json.ts";
import type { Recipe } from "./map_recipe.ts";

/** Properties by their names. A name is in at most one of `dropped`, `renamed` and `targets`. */
export interface SplicePlan {
  /** Those that are left out, among them those that get another value. */
  dropped: ReadonlySet<string>;
  /** The only ones that stay, when set. */
  only?: ReadonlySet<string>;
  /** The new names, with their quotes and a colon. */
  renamed: ReadonlyMap<string, string>;
  /** New names: a record that has such a property already needs the mapper. */
  targets: ReadonlySet<string>;
  /** Members that every record gets, as text. */
  added: string;
  addedCount: number;
}

const SPLICED: ReadonlySet<string> = new Set(["kind", "timeZone", "rest", "layout", "set", "drop", "only", "rename"]);
const FIELDS: ReadonlySet<string> = new Set(["time", "distinct_id", "$insert_id"]);

/** Undefined for what needs the values: other fields, conversions, paths into objects. */
export function splicePlan(recipe: Recipe): SplicePlan | undefined {
  const { kind = "events", layout = "auto", rest = true, set = {}, drop = [], only, rename = {} } = recipe;
  if (kind !== "events" || layout !== "auto" || !rest) return undefined;
  if (!Object.keys(recipe).every((key) => SPLICED.has(key))) return undefined;
  const renames = Object.entries(rename).map(([to, from]) => ({ to, from: [from].flat() }));
  const sources = renames.flatMap(({ from }) => from);
  const targets = renames.map(({ to }) => to);
  const constants = Object.entries(set);
  const names = [...drop, ...only ?? [], ...targets, ...sources, ...constants.map(([name]) => name)];
  const isSimple = names.every((name) => !FIELDS.has(name)) &&
    renames.every(({ from }) => from.length === 1) &&
    sources.every((name) => !name.includes(".")) &&
    new Set([...drop, ...targets, ...sources, ...constants.map(([name]) => name)]).size ===
      drop.length + targets.length + sources.length + constants.length &&
    constants.every(([, value]) => value === null || ["string", "number", "boolean", "bigint"].includes(typeof value));
  if (!isSimple) return undefined;
  return {
    dropped: new Set([...drop, ...constants.map(([name]) => name)]),
    only: only && new Set(only),
    renamed: new Map(renames.map(({ to, from }) => [from[0] as string, `${JSON.stringify(to)}:`])),
    targets: new Set(targets),
    added: constants.map(([name, value]) => `${JSON.stringify(name)}:${stringifyJson(value)}`).join(","),
    addedCount: constants.length,
  };
}
