/**
 * The published rules for an event, checked by hand: a schema library needs a hundred times as long. What the rules
 * leave open is left to the server.
 */
import { LongNumber } from "../../streams/json/json.ts";
import { isAbsent } from "../map/complete_record.ts";
import { isPlainObject } from "../map/map_values.ts";
import { PLACEHOLDER_IDS } from "../map/placeholder_ids.ts";
import { excelTime } from "../map/time_format.ts";
import { spreadsheetMoment, timeFormatsFor } from "../map/time_hint.ts";
import { isShortened } from "../map/map_time.ts";
import { LIMITS, type RecordProblem, ruleProblem } from "../record_rules.ts";
import { idWarnings } from "./id_warnings.ts";
import { numberWarnings } from "./number_warnings.ts";

/** When an event is checked, and for which endpoint. */
export interface EventRuleOptions {
  nowMs: number;
  /** True for `/track`: the time may be missing, and is at most five days ago. Default false, for `/import`. */
  live?: boolean;
  /** True where the server takes the sender's address for an id that is missing. Default false. */
  nameless?: boolean;
}

/** The characters of an `$insert_id`. */
export const INSERT_ID = /^[A-Za-z0-9-]+$/;
const EARLIEST_SECONDS = Date.UTC(1971, 0, 1) / 1000;
/** Mixpanel is no older; most earlier times are those of a clock that was not set, or of another unit. */
export const USUAL_SECONDS = Date.UTC(2010, 0, 1) / 1000;
/** Numbers from here on are milliseconds: as seconds they would be after the year 2969. */
export const EARLIEST_MILLISECONDS = EARLIEST_SECONDS * 1000;
export const MAX_AHEAD_SECONDS = 3600;
const MAX_LIVE_AGE_SECONDS = 5 * 86_400;

/** These name users in properties of their own. */
const IDENTITY_EVENTS: ReadonlySet<string> = new Set(["$identify", "$create_alias", "$merge"]);

/** More than an event can have: one for each property that is taken, and a few for the fields. */
const MOST_PROBLEMS = 300;

type Properties = Record<string, unknown>;

/** The first rule that an event breaks, or undefined. */
export function eventProblem(record: unknown, options: EventRuleOptions): RecordProblem | undefined {
  return eventProblems(record, options, 1)[0];
}

/** The rules that an event breaks, in the order in which they are looked at, up to `most` of them. */
export function eventProblems(
  record: unknown,
  options: EventRuleOptions,
  most: number = MOST_PROBLEMS,
): readonly RecordProblem[] {
  if (!isPlainObject(record)) return [ruleProblem("not_an_object")];
  const found: RecordProblem[] = [];
  const { event, properties } = record;
  const isNamed = typeof event === "string" && event.trim() !== "";
  if (!isNamed && found.push(ruleProblem("event_missing")) === most) return found;
  if (!isPlainObject(properties)) {
    found.push(ruleProblem("properties_missing"));
    return found;
  }
  const time = timeProblem(properties.time, options);
  if (time !== undefined && found.push(time) === most) return found;
  const insertId = insertIdProblem(properties.$insert_id);
  if (insertId !== undefined && found.push(insertId) === most) return found;
  const user = isNamed && IDENTITY_EVENTS.has(event) ? undefined : userProblem(properties, options);
  if (user !== undefined && found.push(user) === most) return found;
  addSizeProblems(properties, found, most);
  return found;
}

/** What of an event that keeps the rules may not be meant. */
export function eventWarnings(record: unknown): readonly RecordProblem[] {
  if (!isPlainObject(record) || !isPlainObject(record.properties)) return [];
  const { time: written, distinct_id: user, $insert_id: id } = record.properties;
  const numbers = numberWarnings(record.properties, "properties.");
  const found = [...idWarnings({ "properties.distinct_id": user, $insert_id: id })];
  const time = Number(written);
  const seconds = time >= EARLIEST_MILLISECONDS ? time / 1000 : time;
  if (seconds < USUAL_SECONDS) {
    found.push(ruleProblem("time_early", { detail: new Date(seconds * 1000).toISOString().slice(0, 10) }));
  }
  if (written instanceof LongNumber && isShortened(written.text)) {
    found.push(ruleProblem("time_shortened", { field: "properties.time", detail: written.text }));
  }
  return found.length === 0 ? numbers : [...found, ...numbers];
}

function timeProblem(time: unknown, { live, nowMs }: EventRuleOptions): RecordProblem | undefined {
  if (isAbsent(time)) return live ? undefined : ruleProblem("time_missing");
  if (typeof time !== "number" && typeof time !== "bigint" && !(time instanceof LongNumber)) {
    return ruleProblem("time_not_a_number");
  }
  const number = Number(time);
  const seconds = number >= EARLIEST_MILLISECONDS ? number / 1000 : number;
  if (seconds < EARLIEST_SECONDS) return ruleProblem("time_before_1971", { detail: spreadsheetHint(number) });
  if (live && seconds < nowMs / 1000 - MAX_LIVE_AGE_SECONDS) return ruleProblem("time_too_old");
  if (seconds > nowMs / 1000 + MAX_AHEAD_SECONDS) {
    return ruleProblem("time_in_future", { detail: momentText(number, seconds) });
  }
}

/** The moment in words, where it is one of the calendar's. */
function momentText(time: number, seconds: number): string {
  const date = new Date(seconds * 1000);
  return Number.isNaN(date.getTime()) ? String(time) : `${date.toISOString().slice(0, 19)}Z`;
}

/** What to type when a number that is no time counts the days of a spreadsheet. */
function spreadsheetHint(number: number): string {
  const [format] = timeFormatsFor(number);
  const day = format === undefined ? undefined : excelTime(String(number));
  if (day === undefined) return "";
  return `; --time-format ${format} reads ${number} as ${spreadsheetMoment(day.localMs)}`;
}

function insertIdProblem(id: unknown): RecordProblem | undefined {
  if (isAbsent(id)) return undefined;
  if (typeof id !== "string" && typeof id !== "number" && typeof id !== "bigint") {
    return ruleProblem("insert_id_not_a_text");
  }
  const text = String(id);
  if (!INSERT_ID.test(text)) return ruleProblem("insert_id_characters");
  if (text.length > LIMITS.insertIdCharacters) return ruleProblem("insert_id_length");
  if (PLACEHOLDER_IDS.has(text.toLowerCase())) {
    return ruleProblem("insert_id_placeholder", { detail: JSON.stringify(text) });
  }
}

function userProblem(properties: Properties, { nameless }: EventRuleOptions): RecordProblem | undefined {
  const id = properties.distinct_id;
  if (id === undefined || id === null) {
    const hasOther = typeof properties.$user_id === "string" || typeof properties.$device_id === "string";
    return hasOther || nameless ? undefined : ruleProblem("distinct_id_missing");
  }
  if (typeof id === "object" && !(id instanceof LongNumber)) return ruleProblem("distinct_id_not_a_text");
  if (PLACEHOLDER_IDS.has(String(id).toLowerCase())) {
    return ruleProblem("distinct_id_placeholder", { detail: JSON.stringify(id) });
  }
}

function addSizeProblems(properties: Properties, found: RecordProblem[], most: number): void {
  let number = 0;
  for (const name in properties) {
    number++;
    const value = properties[name];
    if (typeof value !== "object" || value === null) continue;
    const rule = nestingRule(value, 1);
    if (rule === undefined || isTold(found, name)) continue;
    if (found.push(ruleProblem(rule, { field: `properties.${name}` })) === most) return;
  }
  if (number > LIMITS.properties) found.push(ruleProblem("too_many_properties"));
}

/** A user's id that is a list is no id, however long it is. */
function isTold(found: readonly RecordProblem[], name: string): boolean {
  return found.some(({ field }) => field === name || field === `properties.${name}`);
}

type NestingRule = "too_many_elements" | "too_many_keys" | "nested_too_deep";

function nestingRule(value: object, depth: number): NestingRule | undefined {
  if (value instanceof LongNumber) return undefined;
  const isList = Array.isArray(value);
  if (!isList && depth > LIMITS.depth) return "nested_too_deep";
  const inner = isList ? value : Object.values(value);
  if (inner.length > LIMITS.elements) return isList ? "too_many_elements" : "too_many_keys";
  for (const item of inner) {
    if (typeof item !== "object" || item === null) continue;
    const rule = nestingRule(item, isList ? depth : depth + 1);
    if (rule !== undefined) return rule;
  }
}
