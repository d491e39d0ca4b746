/** What `/import` asks of an event under `strict=1`, and the words in which it says so. */
import { isObject } from "../../streams/json/is_object.ts";
import { eventTimeMs } from "./event_time.ts";
import { IDENTITY_EVENT_NAMES } from "./identity.ts";
import { type SentEvent } from "./record.ts";

/** A rule that an event breaks: the field, and what the server says about it. */
interface Breach {
  field: string;
  message: string;
}

/** A breach in the words that the server has for nearly all of them. */
const invalid = (field: string, state: string): Breach => ({ field, message: `'${field}' is invalid: ${state}` });

const HOUR_MS = 3_600_000;
/** 1971-01-01 UTC: what is older is no time that anyone meant. */
export const FIRST_MS = Date.UTC(1971, 0, 1);
export const MOST_KEYS = 255;
const MOST_ELEMENTS = 255;
const MOST_DEPTH = 3;
export const MOST_EVENT_BYTES = 1024 * 1024;
export const MOST_INSERT_ID_BYTES = 36;

/** Ids that SDKs and integrations send by mistake; they would join strangers. Compared in lower case. */
export const WORTHLESS_IDS: ReadonlySet<string> = new Set([
  "00000000-0000-0000-0000-000000000000",
  "anon",
  "anonymous",
  "nil",
  "none",
  "null",
  "n/a",
  "na",
  "undefined",
  "unknown",
  "<nil>",
  "0",
  "-1",
  "true",
  "false",
  "[]",
  "{}",
]);

interface RuleOptions {
  nowMs: number;
  /** Whether the project takes `$user_id` or `$device_id` in place of `distinct_id`. */
  isSimplified: boolean;
  hasBadBytes: boolean;
}

/** The first rule that an event breaks, or undefined. Where no wording is published, it follows those that are. */
export function breachOf(sent: SentEvent, options: RuleOptions): Breach | undefined {
  const { event, properties } = sent;
  if (!isObject(sent.value)) return { field: "", message: "event must be an object" };
  if (typeof event !== "string" || event.trim() === "") {
    return { field: "event", message: "'event' must not be missing or blank" };
  }
  if (properties === undefined) return invalid("properties", "must not be missing");
  // Events that join ids need none of the three; what they need is looked at later, and nobody is told.
  const isNeeded = (value: unknown) => !IDENTITY_EVENT_NAMES.has(event) || (value !== undefined && value !== null);
  const { time, distinct_id: distinctId, $insert_id: insertId } = properties;
  return (isNeeded(time) ? timeBreach(time, options.nowMs) : undefined) ??
    (isNeeded(distinctId) ? distinctIdBreach(properties, options.isSimplified) : undefined) ??
    (isNeeded(insertId) ? insertIdBreach(insertId) : undefined) ?? sizeBreach(sent.text, properties) ??
    (options.hasBadBytes ? badBytesBreach(properties) : undefined);
}

function timeBreach(time: unknown, nowMs: number): Breach | undefined {
  const breach = (state: string) => invalid("properties.time", state);
  if (time === undefined || time === null) return breach("must not be missing");
  const timeMs = eventTimeMs(time);
  if (timeMs === undefined || timeMs < FIRST_MS) return breach("must be specified as seconds since epoch");
  return timeMs > nowMs + HOUR_MS ? breach("must not be in the future") : undefined;
}

function distinctIdBreach(properties: Record<string, unknown>, isSimplified: boolean): Breach | undefined {
  const { distinct_id: id } = properties;
  const field = "properties.distinct_id";
  if (id === undefined || id === null) {
    const hasOther = isSimplified && (properties.$user_id !== undefined || properties.$device_id !== undefined);
    return hasOther ? undefined : invalid(field, "must not be missing");
  }
  return isWorthless(id) ? invalid(field, `must not be '${id}'`) : undefined;
}

function insertIdBreach(id: unknown): Breach | undefined {
  const field = "$insert_id";
  if (id === undefined || id === null || id === "") return invalid(field, "must not be missing");
  const text = String(id);
  if (!/^[A-Za-z0-9-]*$/.test(text)) {
    return invalid(field, "must only contain alphanumeric or hyphen '-' characters");
  }
  if (text.length > MOST_INSERT_ID_BYTES) {
    return invalid(field, `must not be longer than ${MOST_INSERT_ID_BYTES} bytes`);
  }
  return isWorthless(text) ? invalid(field, `must not be '${text}'`) : undefined;
}

/** Whether an id is one of those that are sent by mistake. */
export function isWorthless(id: unknown): boolean {
  return WORTHLESS_IDS.has(String(id).toLowerCase());
}

function sizeBreach(text: string, properties: Record<string, unknown>): Breach | undefined {
  // Characters are at most three bytes each: only large events need to be counted.
  if (text.length * 3 > MOST_EVENT_BYTES && new TextEncoder().encode(text).length > MOST_EVENT_BYTES) {
    return invalid("properties", `must not be larger than ${MOST_EVENT_BYTES} bytes`);
  }
  const names = Object.keys(properties);
  if (names.length > MOST_KEYS) return invalid("properties", `must not have more than ${MOST_KEYS} properties`);
  for (const name of names) {
    const field = `properties.${name}`;
    const value = properties[name];
    const state = typeof value === "object" && value !== null ? nestingProblem(value, 1) : undefined;
    if (state !== undefined) return invalid(field, state);
  }
  return undefined;
}

function nestingProblem(value: object, depth: number): string | undefined {
  if (depth > MOST_DEPTH) return `must not be nested deeper than ${MOST_DEPTH} levels`;
  const items = Object.values(value);
  if (Array.isArray(value) && items.length > MOST_ELEMENTS) {
    return `must not have more than ${MOST_ELEMENTS} elements`;
  }
  if (items.length > MOST_KEYS) return `must not have more than ${MOST_KEYS} keys`;
  for (const item of items) {
    // The elements of a list are on the list's own level.
    const isDeeper = typeof item === "object" && item !== null;
    const problem = isDeeper ? nestingProblem(item, Array.isArray(value) ? depth : depth + 1) : undefined;
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Bytes that were not UTF-8 have become U+FFFD. */
function badBytesBreach(properties: Record<string, unknown>): Breach | undefined {
  for (const [name, value] of Object.entries(properties)) {
    if (!(typeof value === "string" && value.includes("\uFFFD")) && !name.includes("\uFFFD")) continue;
    return { field: `properties.${name}`, message: `properties.${name} is invalid: string should be valid utf8` };
  }
  return undefined;
}
