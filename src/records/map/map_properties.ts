/** The properties of a mapped record. */
import { plainNumber } from "../../streams/csv/decimal_comma.ts";
import { ownMember, setMember } from "../../streams/json/members.ts";
import { memberFinder, rivalFinder } from "./field_sources.ts";
import { MapProblem } from "./map_problem.ts";
import { fieldsOfKind, leftOut, sourcesOfField } from "./column_targets.ts";
import { isLoaderColumn } from "./envelopes.ts";
import type { Recipe, ValueType } from "./map_recipe.ts";
import { isOfMembers, NESTED, withoutNesting } from "./nested_names.ts";
import { shownValue } from "./shown_value.ts";
import { doubtProblem } from "./time_doubts.ts";
import { type RecordProblem, ruleProblem } from "../record_rules.ts";
import { timeReader } from "./map_time.ts";
import {
  converter,
  firstOf,
  getter,
  isEmpty,
  keyValuesOf,
  MISFIT,
  objectOf,
  propertyTime,
  type SourceRow,
} from "./map_values.ts";
import { timeReason } from "./time_hint.ts";

/** Adds the properties of a row to `result`, whose fields stay what they are. */
export type PropertyMapper = (
  row: SourceRow,
  result: Record<string, unknown>,
  isTable: boolean,
) => MapProblem | undefined;

/** What is called with what happens to a record beside what it becomes. */
export interface MapWatcher {
  onProblem?(problem: MapProblem): void;
  /** Of a value that was read, and may not be what was meant. */
  onWarning?(warning: RecordProblem): void;
}

/**
 * The mapper of a recipe's properties. It gives up at the first problem, unless there is somebody to tell.
 *
 * @throws RangeError for a time zone that does not exist.
 */
export function propertyMapper(recipe: Recipe, { onProblem, onWarning }: MapWatcher = {}): PropertyMapper {
  const kind = recipe.kind ?? "events";
  const { timeZone } = recipe;
  /** The property whose time is being read. */
  let timeName = "";
  const readTime = timeReader({
    timeZone,
    format: recipe.timeFormat,
    onDoubt: (doubt) => onWarning?.(doubtProblem(doubt, timeName, timeZone)),
  });
  const lookAtField = onWarning && memberFinder(recipe, onWarning);
  const lookForRivals = onWarning && rivalFinder(recipe, onWarning);
  /** Whether the record at hand has properties from several places, of which two may have one name. */
  let mayClash = false;
  const movedOfTables = movedColumns(recipe, true);
  const movedOfOwn = movedColumns(recipe, false);
  const dropped = new Set(recipe.drop);
  const isLeftOut = leftOut(recipe);
  const takesRest = recipe.rest !== false;
  const isAuto = recipe.layout !== "flat" && kind === "events";
  const merges = (recipe.merge ?? []).map(({ from, prefix = "", layout }) => ({
    from,
    get: getter(from),
    prefix,
    read: layout === "key_values" ? keyValuesOf : objectOf,
  }));
  const renames = Object.entries(recipe.rename ?? {})
    .filter(([name]) => !dropped.has(name))
    .map(([name, from]) => ({ name, get: firstOf([from].flat()) }));
  const constants = Object.entries(recipe.set ?? {});
  const types = Object.entries(recipe.types ?? {}).map(([name, type]) => ({
    name,
    type,
    convert: converter(type, readTime, recipe.decimalComma),
  }));
  const fields: ReadonlySet<string> = new Set(kind === "events" ? ["time", "distinct_id", "$insert_id"] : []);
  const add = (result: Record<string, unknown>, name: string, value: unknown) => {
    if (isLeftOut(name)) return;
    // A property that has the name of a field cannot keep it.
    put(result, fields.has(name) ? `original_${name}` : name, value);
  };
  const put = (result: Record<string, unknown>, name: string, value: unknown) => {
    const written = value instanceof Date ? propertyTime(value.getTime()) : value;
    if (mayClash && onWarning !== undefined) tellClash(name, ownMember(result, name), written, onWarning);
    setMember(result, name, written);
  };
  const addMembers = (result: Record<string, unknown>, members: SourceRow) => {
    mayClash = true;
    for (const name in members) {
      if (movedOfTables.has(`${NESTED}.${name}`)) lookAtField?.(name, members[name], result);
      else add(result, name, members[name]);
    }
  };
  return (row, result, isTable) => {
    const moved = isTable ? movedOfTables : movedOfOwn;
    mayClash = false;
    if (takesRest) {
      let fieldsSeen = 0, mayHaveRivals = false;
      for (const name in row) {
        const value = row[name];
        const field = moved.get(name);
        if (field !== undefined) {
          if ((field & fieldsSeen) !== 0) mayHaveRivals = true;
          fieldsSeen |= field;
          continue;
        }
        // A table has every column in every row, empty or not.
        if (value === undefined || (isTable && value === null)) continue;
        if (!isTable) {
          add(result, name, value);
          continue;
        }
        const members = isAuto && isOfMembers(name) ? objectOf(value) : undefined;
        if (members !== undefined) addMembers(result, members);
        else if (!isLoaderColumn(name)) {
          const own = withoutNesting(name);
          if (own !== name) mayClash = true;
          add(result, own, value);
        }
      }
      if (mayHaveRivals && isTable) lookForRivals?.(row);
    }
    mayClash = true;
    for (const { from, get, prefix, read } of merges) {
      const value = get(row);
      if (isEmpty(value)) continue;
      const members = read(value);
      if (members === undefined) {
        const problem = misfit(from, "an object", value);
        if (onProblem === undefined) return problem;
        onProblem(problem);
        continue;
      }
      for (const name in members) {
        if (members[name] !== null && members[name] !== undefined) add(result, prefix + name, members[name]);
      }
    }
    for (const { name, get } of renames) {
      const value = get(row);
      if (!isEmpty(value)) put(result, name, value);
    }
    for (const [name, value] of constants) setMember(result, name, value);
    for (const { name, type, convert } of types) {
      const value = ownMember(result, name);
      if (isEmpty(value) || fields.has(name)) continue;
      timeName = name;
      const converted = convert(value);
      if (converted !== MISFIT) setMember(result, name, converted);
      else {
        const problem = misfitOf(name, type, value);
        if (onProblem === undefined) return problem;
        onProblem(problem);
        delete result[name];
      }
    }
  };
}

/** Of two values for one property, the later one is taken. */
function tellClash(name: string, before: unknown, now: unknown, tell: (warning: RecordProblem) => void): void {
  if (isEmpty(before) || before === now || shownValue(before) === shownValue(now)) return;
  const detail = `comes from two places: ${shownValue(now)} is taken, and ${shownValue(before)} is not`;
  tell(ruleProblem("two_values", { field: name, detail }));
}

const TYPE_WORDS = {
  string: "a text",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  json: "JSON",
} as const;

/**
 * Columns that have gone into something else, with a bit for each field that they are a source of. What lies under a path
 * stays where it is as well.
 */
function movedColumns(recipe: Recipe, isTable: boolean): Map<string, number> {
  const moved = new Map<string, number>();
  const move = (path: string, field = 0) => moved.set(path, (moved.get(path) ?? 0) | field);
  for (const [index, name] of fieldsOfKind(recipe).entries()) {
    for (const path of sourcesOfField(recipe, name, isTable)) move(path, 1 << index);
    const selector = recipe.fields?.[name]?.byValue?.from;
    if (selector !== undefined) move(selector);
  }
  for (const { from } of recipe.merge ?? []) move(from);
  for (const from of Object.values(recipe.rename ?? {})) for (const path of [from].flat()) move(path);
  if (recipe.kind === "groups") move("$group_key");
  return moved;
}

/** A value that is not what it should be. */
function misfit(field: string, what: string, value: unknown): MapProblem {
  return new MapProblem("misfit", field, `'${field}' is not ${what}: ${shownValue(value)}`);
}

/** A value that is no time, with what to type where its form is known. */
export function timeMisfit(field: string, value: unknown): MapProblem {
  return new MapProblem("misfit", field, timeReason(field, value, shownValue(value)));
}

function misfitOf(name: string, type: ValueType, value: unknown): MapProblem {
  if (type === "time") return timeMisfit(name, value);
  const problem = misfit(name, TYPE_WORDS[type], value);
  const isComma = type === "number" && typeof value === "string" && plainNumber(value.trim()) !== undefined;
  return isComma ? new MapProblem("misfit", name, `${problem.reason}; --decimal-comma reads it`) : problem;
}
