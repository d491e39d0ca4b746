/** How records of any layout become events, updates of profiles, or updates of groups. A recipe is data. */

export type RecordKind = "events" | "profiles" | "groups";

/** What a value is made into. */
export type ValueType = "string" | "number" | "boolean" | "time" | "list" | "json";
export const VALUE_TYPES: readonly ValueType[] = ["string", "number", "boolean", "time", "list", "json"];

/** The fields that are no properties. */
export type FieldName = "event" | "time" | "distinct_id" | "insert_id" | "group_id";
export const FIELD_NAMES: readonly FieldName[] = ["event", "time", "distinct_id", "insert_id", "group_id"];

/**
 * Fields that are not told where they come from. Each name stands for itself; with `properties.` before it, it is what
 * programs make of a nested record when they write a table.
 */
export const DEFAULT_FIELDS: Readonly<Record<FieldName, readonly string[]>> = {
  event: ["event"],
  time: ["time", "properties.time"],
  distinct_id: ["distinct_id", "$distinct_id", "properties.distinct_id"],
  insert_id: ["$insert_id", "insert_id", "properties.$insert_id"],
  group_id: ["$group_id", "group_id", "$distinct_id", "distinct_id"],
};

/** What Mixpanel's own layouts have in their properties that is a field. All else there is a property, whatever it is called. */
export const OWN_FIELDS: Readonly<Record<FieldName, readonly string[]>> = {
  event: [],
  time: ["time"],
  distinct_id: ["distinct_id"],
  insert_id: ["$insert_id"],
  group_id: DEFAULT_FIELDS.group_id,
};

/** Where a field comes from. */
export interface FieldRule {
  /** Columns, or paths with dots into nested objects. The first that holds something is taken. */
  from?: readonly string[];
  /** What it is when none holds anything. */
  constant?: unknown;
  /** Other values for some, such as the event for each kind of call. It is tried before `from`. */
  byValue?: { from: string; values: Readonly<Record<string, string>> };
  /** For `$insert_id`: what the id is made of where the layout has none. Columns that are not there count as empty. */
  hashOf?: readonly string[];
  /** For `$insert_id`: an id of another system, which may be too long or have other characters than Mixpanel takes. */
  isForeign?: boolean;
}

/** A nested object, or its JSON as text, whose members become properties. */
export interface MergeRule {
  from: string;
  /** Put before each name. */
  prefix?: string;
  /** `key_values`: a list of `{key, value: {string_value, int_value, …}}`. Default `object`. */
  layout?: "object" | "key_values";
}

/** Records of the input that are meant for something else. */
export interface SkipRule {
  from: string;
  /** Values that are skipped. */
  values: readonly string[];
  /** Why, in the words of a message. */
  reason: string;
}

export interface Recipe {
  /** Default `events`. */
  kind?: RecordKind;
  /**
   * `flat`: every record is a row of columns. Default `auto`: a record in Mixpanel's own layout, `event` with `properties`
   * or `$distinct_id` with `$properties`, is taken as that, and its properties are the columns.
   */
  layout?: "auto" | "flat";
  fields?: Partial<Record<FieldName, FieldRule>>;
  /** Properties by their names, with the columns or paths that they come from. */
  rename?: Readonly<Record<string, string | readonly string[]>>;
  merge?: readonly MergeRule[];
  /** Properties, by their names in the result, that are left out. */
  drop?: readonly string[];
  /** Beginnings of names of properties that are left out. */
  dropPrefixes?: readonly string[];
  /** The only properties that are taken, by their names in the result. Default: all. */
  only?: readonly string[];
  /** Whether columns that nothing else speaks of become properties. Default true. */
  rest?: boolean;
  /** Properties that every record gets. */
  set?: Readonly<Record<string, unknown>>;
  types?: Readonly<Record<string, ValueType>>;
  skip?: readonly SkipRule[];
  /** Of times without a zone. Default UTC. */
  timeZone?: string;
  /** How times are written that are not in a usual form: see `formatReader`. */
  timeFormat?: string;
  /** Numbers in texts have a decimal comma. */
  decimalComma?: boolean;
  /** Numbers of times count from 1970 in `timeZone`, when one is given. */
  epochsAreLocal?: boolean;
  /** For groups: the group key of all records, where they do not name it. */
  groupKey?: string;
  /** For profiles and groups: the change that is made. Default `$set`. */
  change?: "$set" | "$set_once" | "$union";
}

/** Whether events in Mixpanel's own layout pass as they are. */
export function changesNothing(recipe: Recipe): boolean {
  return (recipe.kind ?? "events") === "events" &&
    Object.keys(recipe).every((key) => key === "kind" || key === "timeZone" || key === "rest");
}

/** The columns whose texts must be kept, because they are ids or are read by a rule of their own. */
export function textColumns(recipe: Recipe): Set<string> {
  const columns = new Set<string>();
  const kept = new Set([...DEFAULT_TEXT, ...Object.keys(recipe.types ?? {})]);
  for (const name of kept) {
    const from = recipe.rename?.[name];
    columns.add(name);
    for (const path of from === undefined ? [] : [from].flat()) columns.add(path);
  }
  for (const rule of Object.values(recipe.fields ?? {})) for (const path of rule.from ?? []) columns.add(path);
  return columns;
}

/** The columns that get a type. */
export function columnsOfType({ types = {}, rename }: Recipe, wanted: ValueType): Set<string> {
  const names = Object.keys(types).filter((name) => types[name] === wanted);
  return new Set(names.flatMap((name) => [name, ...[rename?.[name] ?? []].flat()]));
}

/** The columns that are read as times. */
export function timeColumns(recipe: Recipe): Set<string> {
  return new Set([...recipe.fields?.time?.from ?? DEFAULT_FIELDS.time, ...columnsOfType(recipe, "time")]);
}

const DEFAULT_TEXT = Object.values(DEFAULT_FIELDS).flat();

/** One recipe on top of another: what `over` has wins, and lists and names of both are kept. */
export function combineRecipes(under: Recipe, over: Recipe): Recipe {
  const combined: Recipe = { ...under, ...over };
  const merged = <Value>(a?: Readonly<Record<string, Value>>, b?: Readonly<Record<string, Value>>) =>
    a === undefined && b === undefined ? undefined : { ...a, ...b };
  const joined = <Value>(a?: readonly Value[], b?: readonly Value[]) =>
    a === undefined && b === undefined ? undefined : [...(a ?? []), ...(b ?? [])];
  combined.fields = merged(under.fields, over.fields);
  combined.rename = merged(under.rename, over.rename);
  combined.set = merged(under.set, over.set);
  combined.types = merged(under.types, over.types);
  combined.merge = joined(under.merge, over.merge);
  combined.drop = joined(under.drop, over.drop)?.filter((name) => over.rename?.[name] === undefined);
  combined.skip = joined(under.skip, over.skip);
  for (const [key, value] of Object.entries(combined)) if (value === undefined) delete combined[key as keyof Recipe];
  return combined;
}
