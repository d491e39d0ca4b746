/** Whether a table has the columns that its records cannot do without: better said once than for each of a million rows. */
import { inputError } from "../../errors.ts";
import { hasEnvelope } from "./envelopes.ts";
import { DEFAULT_FIELDS, type FieldName, type Recipe } from "./map_recipe.ts";

/** Each by itself is enough to say whose event it is. */
const OTHER_IDS = ["$user_id", "$device_id"];

/** @throws MpError (input) for a table without a column for the event's name, its time or its user, or for a profile's id. */
export function checkColumns(recipe: Recipe, source: string, columns: readonly string[]): void {
  const known = new Set([...columns, ...Object.keys(recipe.rename ?? {})]);
  const missing = fieldsOf(recipe, known).find((name) => !hasField(recipe, name, known));
  if (missing === undefined) return;
  const tried = recipe.fields?.[missing]?.from ?? DEFAULT_FIELDS[missing];
  const listed = columns.slice(0, MOST_LISTED).join(", ");
  const more = columns.length > MOST_LISTED ? ", …" : "";
  throw inputError(
    `Cannot read ${source}: it has no column ${tried.map((name) => JSON.stringify(name)).join(" or ")}`,
    `--map ${missing}=COLUMN says which one it is; there are ${listed}${more}`,
    "missing_column",
  );
}

const MOST_LISTED = 30;

function fieldsOf({ kind }: Recipe, columns: ReadonlySet<string>): FieldName[] {
  if (hasEnvelope(columns)) return [];
  if (kind === "profiles") return ["distinct_id"];
  if (kind === "groups") return ["group_id"];
  if (columns.has("event") && columns.has("properties")) return [];
  return OTHER_IDS.some((name) => columns.has(name)) ? ["event", "time"] : ["event", "time", "distinct_id"];
}

function hasField(recipe: Recipe, name: FieldName, columns: ReadonlySet<string>): boolean {
  const rule = recipe.fields?.[name];
  if (rule?.constant !== undefined || rule?.byValue !== undefined) return true;
  const from = rule?.from ?? DEFAULT_FIELDS[name];
  return from.some((path) => columns.has(path) || columns.has(path.split(".")[0] as string));
}
