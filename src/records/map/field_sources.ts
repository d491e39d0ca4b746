/** Fields that a record has in several places: one is taken, and it is said which. */
import { type RecordProblem, ruleProblem } from "../record_rules.ts";
import { sourcesOfField } from "./column_targets.ts";
import type { FieldName, Recipe, RecordKind } from "./map_recipe.ts";
import { timeReader } from "./map_time.ts";
import { isEmpty, type SourceRow, valueText } from "./map_values.ts";
import { NESTED } from "./nested_names.ts";
import { shownValue } from "./shown_value.ts";

/** What the fields of each kind of record are called in messages. The name of an event has one source by default. */
const FIELDS: Readonly<Record<RecordKind, Partial<Record<FieldName, string>>>> = {
  events: { time: "properties.time", distinct_id: "properties.distinct_id", insert_id: "$insert_id" },
  profiles: { distinct_id: "$distinct_id" },
  groups: { group_id: "$group_id" },
};
const MEMBERS: Readonly<Record<string, "time" | "distinct_id" | "insert_id">> = {
  time: "time",
  distinct_id: "distinct_id",
  $insert_id: "insert_id",
};

/**
 * Looks for columns that have another value for a field than the one that is taken. Of the ids that a recipe names, the
 * later ones are for records without the first, and may be others.
 */
export function rivalFinder(
  recipe: Recipe,
  onWarning: (warning: RecordProblem) => void,
): (row: SourceRow) => void {
  const isSame = sameValue(recipe);
  const fields = (Object.entries(FIELDS[recipe.kind ?? "events"]) as [FieldName, string][])
    .filter(([name]) => recipe.fields?.[name] === undefined || name === "time")
    .map(([name, called]) => ({ name, called, paths: sourcesOfField(recipe, name, true) }))
    .filter(({ paths }) => paths.length > 1);
  return (row) => {
    for (const { name, called, paths } of fields) {
      let taken: string | undefined;
      for (const path of paths) {
        if (!Object.hasOwn(row, path) || isEmpty(row[path])) continue;
        if (taken === undefined) taken = path;
        else if (!isSame(name, row[taken], row[path])) {
          onWarning(twoSources(called, { name: taken, value: row[taken] }, { name: path, value: row[path] }));
        }
      }
    }
  };
}

/** Of an object's member that is called like a field, and is another value than the one that is taken. */
export function memberFinder(
  recipe: Recipe,
  onWarning: (warning: RecordProblem) => void,
): (name: string, value: unknown, result: SourceRow) => void {
  const isSame = sameValue(recipe);
  return (name, value, result) => {
    const field = MEMBERS[name];
    const taken = result[name];
    if (field === undefined || isEmpty(taken) || isEmpty(value) || isSame(field, taken, value)) return;
    onWarning(twoSources(FIELDS.events[field] as string, { value: taken }, { name: `${NESTED}.${name}`, value }));
  };
}

function sameValue({ timeZone, timeFormat: format }: Recipe): (name: FieldName, a: unknown, b: unknown) => boolean {
  const readTime = timeReader({ timeZone, format });
  const msOf = (value: unknown) => {
    const time = readTime(value);
    return time === undefined ? undefined : Math.abs(time) < FIRST_MILLISECONDS ? time * 1000 : time;
  };
  return (name, a, b) => a === b || (name === "time" ? msOf(a) === msOf(b) : valueText(a) === valueText(b));
}

const FIRST_MILLISECONDS = 31_536_000_000;

interface Source {
  name?: string;
  value: unknown;
}

function twoSources(field: string, taken: Source, other: Source): RecordProblem {
  const from = taken.name === undefined ? "" : ` from ${JSON.stringify(taken.name)}`;
  const detail = `is ${shownValue(taken.value)}${from}; ${JSON.stringify(other.name)} has ${
    shownValue(other.value)
  }, which is not taken`;
  return ruleProblem("two_sources", { field, detail });
}

/**
 * Looks for what stands beside the properties of a record in Mixpanel's own layout, and is nowhere in them.
 *
 * @param own what is to be there
 */
export function besideProperties(recipe: Recipe, own: readonly string[], onWarning: (warning: RecordProblem) => void) {
  const isSame = sameValue(recipe);
  return (record: SourceRow, properties: SourceRow, isTaken: (name: string) => boolean): void => {
    for (const name in record) {
      if (own.includes(name) || isEmpty(record[name])) continue;
      const inner = properties[name === "insert_id" ? "$insert_id" : name];
      if (isEmpty(inner) ? isTaken(name) : isSame(name as FieldName, inner, record[name])) continue;
      onWarning(ruleProblem("beside_properties", { field: name, detail: shownValue(record[name]) }));
    }
  };
}
