/** Whether a table has the columns that its records cannot do without: better said once than for each of a million rows. */
import { inputError } from "../../errors.ts";
import { withHiddenShown } from "../../streams/hidden_characters.ts";
import { isEnvelope } from "./envelopes.ts";
import { DEFAULT_FIELDS, type FieldName, type Recipe } from "./map_recipe.ts";

/** Each by itself is enough to say whose event it is. */
const OTHER_IDS = ["$user_id", "$device_id"];

/** @throws MpError (input) for a table without a column for the event's name, its time or its user, or for a profile's id. */
export function checkColumns(recipe: Recipe, source: string, columns: readonly string[]): void {
  const known = new Set([...columns, ...Object.keys(recipe.rename ?? {})]);
  const [missing, ...others] = fieldsOf(recipe, known).filter((name) => !hasField(recipe, name, known));
  if (missing === undefined) return;
  const maps = [missing, ...others].map((name) => `--map ${name}=${likelyColumn(name, columns) ?? "COLUMN"}`).join(" ");
  const tried = recipe.fields?.[missing]?.from ?? DEFAULT_FIELDS[missing];
  const listed = columns.slice(0, MOST_LISTED).map(withHiddenShown).join(", ");
  const more = columns.length > MOST_LISTED ? ", …" : "";
  const there = columns.length === 0 ? "there is none" : `there are ${listed}${more}`;
  throw inputError(
    `Cannot read ${source}: it has no column ${tried.map((name) => JSON.stringify(name)).join(" or ")}`,
    `${maps} says which ${others.length === 0 ? "one it is" : "ones they are"}; ${there}`,
    "missing_column",
  );
}

const MOST_LISTED = 30;

/** What other programs call the fields, without what is between words. The likeliest first. */
const OTHER_NAMES: Partial<Record<FieldName, readonly string[]>> = {
  event: ["eventname", "eventtype", "action", "activity", "name", "type"],
  time: ["timestamp", "eventtime", "eventtimestamp", "occurredat", "createdat", "datetime", "date", "ts", "at", "when"],
  distinct_id: ["userid", "customerid", "user", "customer", "who", "uid", "anonymousid", "deviceid", "email", "id"],
  group_id: ["companyid", "accountid", "company", "account", "id"],
};

/** The column that is likely to be meant, for a shell; undefined when none is. */
function likelyColumn(name: FieldName, columns: readonly string[]): string | undefined {
  const bare = columns.map((column) => column.toLowerCase().replace(/[^a-z0-9]/g, ""));
  const found = OTHER_NAMES[name]?.map((other) => columns[bare.indexOf(other)]).find((column) => column !== undefined);
  return found === undefined || /^[\w.$-]+$/.test(found) && !found.includes("$") ? found : `'${found}'`;
}

function fieldsOf({ kind }: Recipe, columns: ReadonlySet<string>): FieldName[] {
  if ([...columns].some(isEnvelope)) return [];
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
