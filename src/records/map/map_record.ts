/** Makes records of any layout into what Mixpanel takes. A recipe is compiled once, and then runs for each record. */
import { LongNumber } from "../../streams/json/json.ts";
import { foreignInsertId } from "./fix_insert_id.ts";
import { loaderStream, unwrapped } from "./envelopes.ts";
import { besideProperties } from "./field_sources.ts";
import { field } from "./map_fields.ts";
import { MapProblem } from "./map_problem.ts";
import { type MapWatcher, type PropertyMapper, propertyMapper, timeMisfit } from "./map_properties.ts";
import { changesNothing, type FieldName, type Recipe } from "./map_recipe.ts";
import { timeReader } from "./map_time.ts";
import { ownLayout } from "./record_layout.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";
import { sourcesOfField } from "./column_targets.ts";
import { NESTED } from "./nested_names.ts";
import { doubtProblem } from "./time_doubts.ts";
import { type Getter, getter, isEmpty, isPlainObject, objectOf, type SourceRow, valueText } from "./map_values.ts";

export type MappedRecord = Record<string, unknown>;

/** The event or update that a record becomes, or why it becomes none. The record itself is never changed. */
export type RecordMapper = (value: unknown) => MappedRecord | MapProblem;

/** What an update of a profile can do; a record that has one of these is an update already. */
export const UPDATE_CHANGES = ["$set", "$set_once", "$add", "$append", "$union", "$remove", "$unset", "$delete"];

/**
 * The mapper of a recipe. It gives up a record at its first problem, unless `onProblem` is told: then the value is left
 * out, and it goes on.
 *
 * @throws RangeError for a time zone that does not exist.
 */
export function recordMapper(recipe: Recipe, watcher: MapWatcher = {}): RecordMapper {
  const kind = recipe.kind ?? "events";
  const properties = propertyMapper(recipe, watcher);
  const skip = skipper(recipe);
  const map = kind === "events"
    ? eventMapper(recipe, properties, watcher)
    : updateMapper(recipe, kind, properties, watcher);
  const lookAtStream = watcher.onWarning && streamWatcher(watcher.onWarning);
  return (value) => {
    if (!isPlainObject(value)) return new MapProblem("not_an_object", "record", "must be a JSON object");
    const record = unwrapped(value);
    if (record !== value) lookAtStream?.(value);
    return record instanceof MapProblem ? record : skip(record) ?? map(record);
  };
}

/** Looks at messages of loaders, whose records are meant for one table each. */
function streamWatcher(tell: (warning: RecordProblem) => void): (message: SourceRow) => void {
  let first: string | undefined;
  return (message) => {
    const stream = loaderStream(message);
    first ??= stream;
    if (stream === first || first === undefined) return;
    const detail = `${JSON.stringify(stream)} after ${JSON.stringify(first)}`;
    tell(ruleProblem("loader_stream", { field: "stream", detail }));
  };
}

function eventMapper(
  recipe: Recipe,
  properties: PropertyMapper,
  { onProblem, onWarning }: MapWatcher,
): (record: SourceRow) => MappedRecord | MapProblem {
  const passes = changesNothing(recipe);
  const readTime = timeReader({
    timeZone: recipe.timeZone,
    format: recipe.timeFormat,
    epochsAreLocal: recipe.epochsAreLocal === true && recipe.timeZone !== undefined,
    onDoubt: (doubt) => onWarning?.(doubtProblem(doubt, "properties.time", recipe.timeZone)),
  });
  const takenBeside = new Set([
    ...recipe.fields?.time?.from ?? ["time"],
    ...recipe.fields?.distinct_id?.from ?? ["distinct_id"],
    ...recipe.fields?.insert_id?.from ?? ["$insert_id"],
  ]);
  const lookBeside = onWarning && besideProperties(recipe, ["event", NESTED], onWarning);
  const fields = fieldGetters((name) => field(recipe, name));
  // In Mixpanel's own layout a property is never the event's name, whatever it is called.
  const ownFields = fieldGetters((name) => recipe.fields?.[name] === undefined ? ownField(name) : field(recipe, name));
  const ownName = recipe.fields?.event === undefined;
  const isForeign = recipe.fields?.insert_id?.isForeign === true;
  const isOwnLayout = ownLayout(recipe);
  return (record) => {
    const isOwn = isOwnLayout(record);
    if (isOwn && passes && typeof record.properties === "object") {
      lookBeside?.(record, record.properties as SourceRow ?? {}, () => false);
      return record;
    }
    const row = isOwn ? objectOf(record.properties) : record;
    // The rules say what is wrong with it.
    if (row === undefined) return record;
    if (isOwn) lookBeside?.(record, row, (name) => takenBeside.has(name));
    const { event, time, user, insertId } = isOwn ? ownFields : fields;
    const get = (read: Getter) => {
      const value = read(row);
      return isOwn && isEmpty(value) ? read(record) : value;
    };
    const result: MappedRecord = {};
    const written = get(time);
    if (!isEmpty(written)) {
      const read = readTime(written);
      if (read !== undefined) result.time = read;
      else {
        const problem = timeMisfit("time", written);
        if (onProblem === undefined) return problem;
        onProblem(problem);
      }
    }
    const id = get(user);
    if (!isEmpty(id)) result.distinct_id = idOf(id);
    const ownId = get(insertId);
    if (!isEmpty(ownId)) result.$insert_id = isForeign ? foreignInsertId(valueText(ownId)) : idOf(ownId);
    const problem = properties(row, result, !isOwn);
    if (problem !== undefined) return problem;
    const name = isOwn && ownName ? record.event : get(event);
    return { event: isEmpty(name) ? undefined : idOf(name), properties: result };
  };
}

interface FieldGetters {
  event: Getter;
  time: Getter;
  user: Getter;
  insertId: Getter;
}

function fieldGetters(of: (name: FieldName) => Getter): FieldGetters {
  return { event: of("event"), time: of("time"), user: of("distinct_id"), insertId: of("insert_id") };
}

/** Where Mixpanel's own layout has a field that the recipe does not speak of. */
function ownField(name: FieldName): Getter {
  return getter(name === "insert_id" ? "$insert_id" : name);
}

function updateMapper(
  recipe: Recipe,
  kind: "profiles" | "groups",
  properties: PropertyMapper,
  { onWarning }: MapWatcher,
): (record: SourceRow) => MappedRecord | MapProblem {
  const ids = [...sourcesOfField(recipe, kind === "profiles" ? "distinct_id" : "group_id", true)];
  const lookBeside = onWarning && besideProperties(recipe, ["$properties", "$group_key", ...ids], onWarning);
  const idName = kind === "profiles" ? "$distinct_id" : "$group_id";
  const id = field(recipe, kind === "profiles" ? "distinct_id" : "group_id");
  const key = getter("$group_key");
  const change = recipe.change ?? "$set";
  return (record) => {
    if (recipe.layout !== "flat" && UPDATE_CHANGES.some((name) => Object.hasOwn(record, name))) return record;
    const isOwn = recipe.layout !== "flat" && isPlainObject(record.$properties);
    const row = isOwn ? record.$properties as SourceRow : record;
    if (isOwn) lookBeside?.(record, row, () => false);
    let value = id(row);
    if (isOwn && isEmpty(value)) value = id(record);
    const payload: MappedRecord = {};
    const problem = properties(row, payload, !isOwn);
    if (problem !== undefined) return problem;
    // Carrying an old profile over is no sign of life of its user.
    if (kind === "profiles") {
      return { [idName]: isEmpty(value) ? undefined : idOf(value), $ignore_time: true, [change]: payload };
    }
    const groupKey = recipe.groupKey ?? key(record);
    return { $group_key: groupKey, [idName]: isEmpty(value) ? undefined : idOf(value), [change]: payload };
  };
}

function skipper({ skip = [] }: Recipe): (record: SourceRow) => MapProblem | undefined {
  const rules = skip.map(({ from, values, reason }) => ({ from, get: getter(from), values: new Set(values), reason }));
  return (record) => {
    for (const { from, get, values, reason } of rules) {
      if (values.has(String(get(record)))) return new MapProblem("skipped", from, reason);
    }
  };
}

/** Ids and names are texts; what is neither text nor number is left to the rules. */
function idOf(value: unknown): unknown {
  const isNumber = typeof value === "number" || typeof value === "bigint" || value instanceof LongNumber;
  return isNumber ? String(value) : value;
}
