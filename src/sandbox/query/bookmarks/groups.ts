/** `sections.group` of a bookmark: what its answers are split by. (facts 2.9) */
import type { RowSplit } from "../../../analytics/measures/measure.ts";
import type { CodedValue, RowValue } from "../../../analytics/rows/row_value.ts";
import { segmentKeys } from "../../../analytics/segment_key.ts";
import type { Chunk } from "../../../analytics/table/chunk.ts";
import { toMoment } from "../../../expressions/casts.ts";
import { ZoneClock } from "../../../expressions/moment.ts";
import type { Value } from "../../../expressions/values.ts";
import { isObject } from "../../../streams/json/is_object.ts";
import { Refusal } from "../../refusal.ts";
import { type Clause, clauseOf, clausesOf, listOf, numberIn, textAt, wordOf } from "./clause.ts";
import { cohortTest, frequencyValue, peopleValue } from "./filters.ts";
import { referencedValue } from "./properties.ts";
import type { Question } from "./question.ts";

const MOST_GROUPS = 5;

/** One level of a split. */
export interface GroupLevel {
  /** What `headers` call it. */
  header: string;
  /** A list of the keys that an event is under. */
  keys: RowValue;
}

/** @throws Refusal 400 for more levels than the servers take. */
export function groupsOf(question: Question, value: unknown, path = "sections.group"): GroupLevel[] {
  return groupClauses(value, path).map((clause, index) => groupOf(question, clause, `${path}[${index}]`));
}

export function groupClauses(value: unknown, path = "sections.group"): Clause[] {
  const clauses = clausesOf(value, path);
  if (clauses.length <= MOST_GROUPS) return clauses;
  throw new Refusal(
    400,
    `Invalid params: ${path} has ${clauses.length} entries, and at most ${MOST_GROUPS} are allowed`,
  );
}

function groupOf(question: Question, clause: Clause, path: string): GroupLevel {
  if (clausesOf(clause.cohorts, `${path}.cohorts`).length > 0) return cohortGroup(question, clause, path);
  const header = headerOf(clause);
  const toKeys = keysBy(question, clause, path);
  if (isObject(clause.behavior)) {
    return { header, keys: mapped(frequencyValue(question, clause.behavior, `${path}.behavior`), toKeys) };
  }
  const value = referencedValue(question, clause, "value", path);
  if (!isObject(clause.listItemGroup)) return { header, keys: mapped(value, toKeys) };
  const inner = textAt(clause.listItemGroup.propertyName, `${path}.listItemGroup.propertyName`);
  if (inner === undefined) throw new Refusal(400, `Invalid params: ${path}.listItemGroup names no property`);
  return { header, keys: mapped(value, (list) => itemKeys(list, inner)) };
}

/** What `headers` call a group. */
export function headerOf({ propertyName, value, customProperty, customPropertyId }: Clause): string {
  const name = [propertyName, value, isObject(customProperty) ? customProperty.name : undefined]
    .find((one) => typeof one === "string" && one !== "");
  return name === undefined ? `$custom_property:${customPropertyId ?? "inline"}` : name as string;
}

function itemKeys(list: unknown, property: string): readonly string[] {
  if (!Array.isArray(list) || list.length === 0) return segmentKeys(undefined);
  const values = list.map((item) => isObject(item) && Object.hasOwn(item, property) ? item[property] : undefined);
  return segmentKeys(values);
}

/** Names of cohorts as keys: everybody is under all that they are in. */
function cohortGroup(question: Question, clause: Clause, path: string): GroupLevel {
  const names = listOf(clause.value, `${path}.value`);
  const cohorts = clausesOf(clause.cohorts, `${path}.cohorts`).map((cohort, index) => {
    const name = textAt(cohort.name, `${path}.cohorts[${index}].name`) ?? String(cohort.id);
    const given = names[index];
    const key = typeof given === "string" ? given : cohort.negated === true ? `Not In ${name}` : name;
    return { key, isMember: cohortTest(question, cohort) };
  });
  const keysOf = (id: unknown) => cohorts.filter(({ isMember }) => isMember(id as string)).map(({ key }) => key);
  return { header: "$cohorts", keys: mapped(peopleValue(question), keysOf) };
}

/** How a group makes keys of values: by ranges of numbers, by units of time, or one by one. */
function keysBy(question: Question, clause: Clause, path: string): (value: unknown) => readonly string[] {
  const bucket = isObject(clause.customBucket) ? clause.customBucket : undefined;
  if (bucket !== undefined && bucket.disabled !== true) {
    const keyOf = rangeKey(clauseOf(bucket, `${path}.customBucket`), `${path}.customBucket`);
    return (value) => segmentKeys(Array.isArray(value) ? value.map(keyOf) : keyOf(value));
  }
  const unit = wordOf(clause.unit, ["hour", "day", "week", "month", "quarter", "year"], `${path}.unit`);
  if (clause.propertyType === "datetime" && unit !== undefined) {
    const zone = new ZoneClock(question.range.timeZone);
    return (value) => segmentKeys(unitKey(toMoment(value as Value, zone)?.seconds, unit, question.range.timeZone));
  }
  // Mixpanel's own client reads the times of events off such keys.
  if (clause.value === "$time") return (value) => segmentKeys(momentKey(value, question.range.timeZone));
  return segmentKeys;
}

/** `2026-08-01T12:30:00+00:00` in the project's zone, of seconds. */
function momentKey(value: unknown, timeZone: string): string | undefined {
  if (typeof value !== "number") return undefined;
  const moment = Temporal.Instant.fromEpochMilliseconds(Math.floor(value) * 1000).toZonedDateTimeISO(timeZone);
  return moment.toString({ timeZoneName: "never", smallestUnit: "second" });
}

/** Ranges of numbers of one size. */
export interface NumberRanges {
  size: number;
  least: number;
  most: number;
}

/** Other values than numbers count as missing. */
function rangeKey(bucket: Clause, path: string): (value: unknown) => string | undefined {
  const ranges = numberRanges(bucket, path);
  const { size, least, most } = ranges;
  return (value) => {
    if (typeof value !== "number" && typeof value !== "bigint") return undefined;
    const number = Number(value);
    const position = number < least ? -1 : number >= most ? Infinity : Math.floor((number - least) / size);
    return rangeName(ranges, position);
  };
}

export function numberRanges(bucket: Clause, path: string): NumberRanges {
  const size = numberIn(bucket.bucketSize, `${path}.bucketSize`);
  const least = numberIn(bucket.min, `${path}.min`) ?? 0;
  const most = numberIn(bucket.max, `${path}.max`) ?? Infinity;
  if (size === undefined || !(size > 0)) throw new Refusal(400, `Invalid params: ${path}.bucketSize must be above 0`);
  return { size, least, most };
}

/** `10 - 20` for 10 up to 20, `< 0` and `>= 100` outside: at the positions -1 and Infinity. */
export function rangeName({ size, least, most }: NumberRanges, position: number): string {
  if (position < 0) return `< ${least}`;
  if (position === Infinity) return `>= ${most}`;
  const from = least + position * size;
  return `${from} - ${Math.min(from + size, most)}`;
}

/** The first day of a unit of time, or its hour. */
function unitKey(
  seconds: number | undefined,
  unit: "hour" | "day" | "week" | "month" | "quarter" | "year",
  timeZone: string,
): string | undefined {
  if (seconds === undefined) return undefined;
  const moment = Temporal.Instant.fromEpochMilliseconds(seconds * 1000).toZonedDateTimeISO(timeZone);
  const day = moment.toPlainDate();
  switch (unit) {
    case "hour":
      return `${day} ${String(moment.hour).padStart(2, "0")}:00:00`;
    case "day":
      return day.toString();
    case "week":
      return day.subtract({ days: day.dayOfWeek - 1 }).toString();
    case "month":
      return day.with({ day: 1 }).toString();
    case "quarter":
      return day.with({ day: 1, month: day.month - (day.month - 1) % 3 }).toString();
    case "year":
      return day.with({ day: 1, month: 1 }).toString();
  }
}

/** Keys of a value's. */
function mapped(value: RowValue, keysOf: (value: unknown) => readonly string[]): RowValue {
  return {
    bind(chunk: Chunk) {
      const valueOf = value.bind(chunk);
      return (row) => keysOf(valueOf(row));
    },
    coded(chunk: Chunk): CodedValue | undefined {
      const coded = value.coded?.(chunk);
      return coded && { ...coded, valueOf: (code) => keysOf(coded.valueOf(code)) };
    },
  };
}

/** What levels split by together: the keys are paths, each the JSON of its keys. See {@linkcode segmentPath}. */
export function splitBy(groups: readonly GroupLevel[]): RowSplit | undefined {
  if (groups.length === 0) return undefined;
  const keysOf = (paths: unknown) => paths as readonly string[];
  if (groups.length === 1) return { value: mapped(groups[0]!.keys, (keys) => paths([keys as string[]])), keysOf };
  const value: RowValue = {
    bind(chunk) {
      const levels = groups.map(({ keys }) => keys.bind(chunk));
      return (row) => paths(levels.map((level) => level(row) as string[]));
    },
  };
  return { value, keysOf };
}

/** All ways to take one key of each level. */
function paths(levels: readonly (readonly string[])[]): string[] {
  let found: string[][] = [[]];
  for (const keys of levels) found = found.flatMap((path) => keys.map((key) => [...path, key]));
  return found.map((path) => JSON.stringify(path));
}

/** The keys of a segment, level by level. */
export function segmentPath(segment: string): string[] {
  return JSON.parse(segment);
}
