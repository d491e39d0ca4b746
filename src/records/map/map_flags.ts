/** From what people type to a recipe: `--preset`, `--map`, `--column-type`, `--set` and the rest. */
import { inputError } from "../../errors.ts";
import { setMember } from "../../streams/json/members.ts";
import {
  combineRecipes,
  FIELD_NAMES,
  type FieldName,
  type FieldRule,
  type Recipe,
  type RecordKind,
  VALUE_TYPES,
  type ValueType,
} from "./map_recipe.ts";
import { type PresetName, PRESETS } from "./presets/index.ts";
import { formatReader } from "./time_format.ts";

export interface MapFlags {
  kind?: RecordKind;
  preset?: PresetName;
  /** `TARGET=SOURCE`: a field (`event`, `time`, `distinct_id`, `insert_id`, `group_id`) or a property, and a column or path. */
  map?: readonly string[];
  /** `PROPERTY:TYPE`. */
  type?: readonly string[];
  /** Names and values that all records get. */
  set?: Readonly<Record<string, unknown>>;
  drop?: readonly string[];
  /** The only properties that are taken. */
  only?: readonly string[];
  tz?: string;
  timeFormat?: string;
  decimalComma?: boolean;
  groupKey?: string;
  change?: Recipe["change"];
}

/**
 * The recipe that the flags ask for. What is mapped by hand overrides the preset.
 *
 * @throws MpError (input) for what is not of the form, for zones that do not exist, and for presets without this kind.
 */
export function recipeOf(flags: MapFlags): Recipe {
  const kind = flags.kind ?? "events";
  const own = ownRecipe(flags, kind);
  if (flags.preset === undefined) return own;
  const { recipes } = PRESETS[flags.preset] as { recipes: Partial<Record<RecordKind, Recipe>> };
  const preset = recipes[kind];
  if (preset === undefined) {
    throw inputError(
      `Cannot use --preset ${flags.preset} with --kind ${kind}: it has none`,
      `it has ${Object.keys(recipes).join(" and ")}; --map says what other columns hold`,
      "bad_map",
    );
  }
  return combineRecipes(preset, own);
}

function ownRecipe(flags: MapFlags, kind: RecordKind): Recipe {
  const recipe: Recipe = { kind };
  const fields: Partial<Record<FieldName, FieldRule>> = {};
  const rename: Record<string, string> = {};
  for (const text of flags.map ?? []) {
    const [target, source] = pair(text, "=", "--map", "write --map distinct_id=user_id: first what it becomes");
    const name = fieldOf(target, kind);
    if (name === undefined) setMember(rename, target, source);
    else fields[name] = { from: [source] };
  }
  const set: Record<string, unknown> = {};
  for (const [target, value] of Object.entries(flags.set ?? {})) {
    const name = fieldOf(target, kind);
    if (name === undefined) setMember(set, target, value);
    else fields[name] = { from: [], constant: value };
  }
  const types: Record<string, ValueType> = {};
  for (const text of flags.type ?? []) {
    const [name, type] = pair(
      text,
      ":",
      "--column-type",
      `write --column-type amount:number; types are ${VALUE_TYPES.join(", ")}`,
    );
    if (!(VALUE_TYPES as readonly string[]).includes(type)) {
      throw inputError(
        `Cannot use --column-type ${text}: no such type`,
        `types are ${VALUE_TYPES.join(", ")}`,
        "bad_map",
      );
    }
    setMember(types, name, type);
  }
  if (Object.keys(fields).length > 0) recipe.fields = fields;
  if (Object.keys(rename).length > 0) recipe.rename = rename;
  if (Object.keys(set).length > 0) recipe.set = set;
  if (Object.keys(types).length > 0) recipe.types = types;
  if (flags.drop !== undefined && flags.drop.length > 0) recipe.drop = flags.drop;
  if (flags.only !== undefined && flags.only.length > 0) recipe.only = flags.only;
  if (flags.tz !== undefined) recipe.timeZone = checkZone(flags.tz);
  if (flags.timeFormat !== undefined) recipe.timeFormat = checkTimeFormat(flags.timeFormat);
  if (flags.decimalComma) recipe.decimalComma = true;
  if (flags.groupKey !== undefined) recipe.groupKey = flags.groupKey;
  if (flags.change !== undefined) recipe.change = flags.change;
  return recipe;
}

/** Fields may be written as in Mixpanel's own layout. Of profiles, only the id is a field. */
function fieldOf(target: string, kind: RecordKind): FieldName | undefined {
  const name = target.replace(/^\$/, "") as FieldName;
  if (!FIELD_NAMES.includes(name) || (target.startsWith("$") && (name === "time" || name === "event"))) {
    return undefined;
  }
  if (kind === "events") return name === "group_id" ? undefined : name;
  return name === (kind === "profiles" ? "distinct_id" : "group_id") ? name : undefined;
}

/** Splits at the last `:` of a type, and at the first `=` of anything else: names may hold the other ones. */
function pair(text: string, separator: "=" | ":", flag: string, hint: string): [string, string] {
  const at = separator === ":" ? text.lastIndexOf(":") : text.indexOf("=");
  const [name, value] = [text.slice(0, at).trim(), text.slice(at + 1).trim()];
  if (at < 0 || name === "" || value === "") {
    throw inputError(`Cannot use ${flag} ${JSON.stringify(text)}: not NAME${separator}VALUE`, hint, "bad_map");
  }
  return [name, value];
}

/** A column or property that was typed, and where. */
export interface NamedColumn {
  /** `--map plan=tier`. */
  flag: string;
  /** `tier`. */
  name: string;
}

/** What the flags expect in the records. A preset makes properties of its own, so that only `--map` is sure of columns. */
export function namedColumns({ preset, map = [], set, drop = [], only = [], type = [] }: MapFlags): NamedColumn[] {
  const pairs = map.map((text): [target: string, source: string] => {
    const at = text.indexOf("=");
    return [text.slice(0, at), text.slice(at + 1)];
  });
  const sources = pairs.map(([, name], index): NamedColumn => ({ flag: `--map ${map[index]}`, name }));
  if (preset !== undefined) return sources;
  const made = new Set([...pairs.map(([target]) => target), ...Object.keys(set ?? {})]);
  const properties = [
    ...drop.map((name): NamedColumn => ({ flag: `--drop ${name}`, name })),
    ...only.map((name): NamedColumn => ({ flag: `--only ${name}`, name })),
    ...type.map((text): NamedColumn => ({ flag: `--column-type ${text}`, name: text.slice(0, text.lastIndexOf(":")) })),
  ];
  return [...sources, ...properties.filter(({ name }) => !made.has(name))];
}

function checkZone(timeZone: string): string {
  try {
    new Intl.DateTimeFormat("en-US", { timeZone });
    return timeZone;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `Cannot use --timezone ${JSON.stringify(timeZone)}: no such time zone`,
      "zones are written Europe/Berlin or America/New_York",
      "bad_time_zone",
    );
  }
}

function checkTimeFormat(format: string): string {
  try {
    formatReader(format);
    return format;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw inputError(
      `Cannot use --time-format ${JSON.stringify(format)}: ${error.message}`,
      "such as 'DD.MM.YYYY HH:mm:ss', 'MM/DD/YYYY hh:mm A', '%d.%m.%Y %H:%M', or excel for a spreadsheet's day numbers",
      "bad_time_format",
    );
  }
}
