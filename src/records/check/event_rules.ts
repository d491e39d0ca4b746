/**
 * The published rules for an event, checked by hand: a schema library needs a hundred times as long. What the rules
 * leave open is left to the server.
 */

import type { EventScanner, FoundText } from "../../streams/events/event_scanner.ts";
import { LongNumber } from "../../streams/json/json.ts";
import { isAbsent } from "../map/complete_record.ts";

/** Why an event cannot be taken. */
export interface EventProblem {
  /** `event`, `properties.time`, … */
  field: string;
  /** In the words of Mixpanel's own answers where they are known. */
  reason: string;
}

export interface EventRules {
  nowMs: number;
  /** True for `/track`: the time may be missing, and is at most five days ago. Default false, for `/import`. */
  live?: boolean;
}

const MAX_PROPERTIES = 255;
const MAX_ELEMENTS = 255;
const MAX_DEPTH = 3;
const MAX_INSERT_ID_CHARACTERS = 36;
const INSERT_ID = /^[A-Za-z0-9-]+$/;
const EARLIEST_SECONDS = Date.UTC(1971, 0, 1) / 1000;
/** Numbers from here on are milliseconds: as seconds they would be after the year 2969. */
const EARLIEST_MILLISECONDS = EARLIEST_SECONDS * 1000;
const MAX_AHEAD_SECONDS = 3600;
const MAX_LIVE_AGE_SECONDS = 5 * 86_400;

/** Values that stand for nobody; they would join strangers. */
export const PLACEHOLDER_IDS: ReadonlySet<string> = new Set([
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

/** These name users in properties of their own. */
const IDENTITY_EVENTS: ReadonlySet<string> = new Set(["$identify", "$create_alias", "$merge"]);

const ASCII_END = 0x80, SPACE = 0x20, DELETE = 0x7f, BACKSLASH = 0x5c, QUOTE = 0x22;
/** 1 for each byte that an `$insert_id` may have. */
const ID_CHARACTERS = Uint8Array.from({ length: 256 }, (_, byte) => INSERT_ID.test(String.fromCharCode(byte)) ? 1 : 0);
/** Length, first and last byte of each placeholder, without the bit that makes letters large: what else is none of them. */
const PLACEHOLDER_SHAPES = new Set(
  [...PLACEHOLDER_IDS].map((id) => shapeOf(id.charCodeAt(0), id.charCodeAt(id.length - 1), id.length)),
);

/** 1 for each length that a placeholder has. */
const PLACEHOLDER_LENGTHS = Uint8Array.from(
  { length: MAX_INSERT_ID_CHARACTERS + 1 },
  (_, length) => [...PLACEHOLDER_IDS].some((id) => id.length === length) ? 1 : 0,
);

function shapeOf(first: number, last: number, length: number): number {
  return (length << 16) | ((first | 0x20) << 8) | (last | 0x20);
}

/**
 * Whether a historical event keeps all rules and lacks nothing, by what a scanner found in its line: it is sent as it is.
 * False says only that it has to be parsed; what is true here has no problem there.
 */
export function isReadyEvent(line: Uint8Array, found: EventScanner, nowMs: number): boolean {
  const { time, insertId, distinctId } = found;
  const seconds = time >= EARLIEST_MILLISECONDS ? time / 1000 : time;
  // A time that was not found is NaN, which is neither.
  if (!(seconds >= EARLIEST_SECONDS && seconds <= nowMs / 1000 + MAX_AHEAD_SECONDS)) return false;
  if (found.properties > MAX_PROPERTIES || found.widest > MAX_ELEMENTS || found.deepest > MAX_DEPTH) return false;
  if (insertId.start < 0 || distinctId.start < 0 || !beginsVisibly(line, found.event.start)) return false;
  const length = insertId.end - insertId.start;
  if (length === 0 || length > MAX_INSERT_ID_CHARACTERS) return false;
  for (let at = insertId.start; at < insertId.end; at++) if (ID_CHARACTERS[line[at] as number] === 0) return false;
  return !isPlaceholder(line, insertId) && !isPlaceholder(line, distinctId);
}

/** Whether a name begins with a character that is surely no white space, and so is not blank. */
function beginsVisibly(line: Uint8Array, at: number): boolean {
  const first = line[at] as number;
  if (first < ASCII_END) return first > SPACE && first !== DELETE && first !== QUOTE && first !== BACKSLASH;
  // The white space beyond ASCII begins with these bytes.
  return first !== 0xc2 && first !== 0xe1 && first !== 0xe2 && first !== 0xe3 && first !== 0xef;
}

function isPlaceholder(line: Uint8Array, { start, end }: FoundText): boolean {
  if (PLACEHOLDER_LENGTHS[end - start] !== 1) return false;
  const shape = shapeOf(line[start] as number, line[end - 1] as number, end - start);
  if (!PLACEHOLDER_SHAPES.has(shape)) return false;
  return PLACEHOLDER_IDS.has(String.fromCharCode(...line.subarray(start, end)).toLowerCase());
}

/** The first rule that a parsed record breaks, or undefined. */
export function eventProblem(record: unknown, rules: EventRules): EventProblem | undefined {
  if (!isObject(record)) return { field: "record", reason: "must be a JSON object" };
  const { event, properties } = record;
  if (typeof event !== "string" || event.trim() === "") {
    return { field: "event", reason: "'event' must not be missing or blank" };
  }
  if (!isObject(properties)) return { field: "properties", reason: "'properties' must be an object" };
  return timeProblem(properties.time, rules) ?? insertIdProblem(properties.$insert_id) ??
    (IDENTITY_EVENTS.has(event) ? undefined : userProblem(properties)) ?? sizeProblem(properties);
}

function timeProblem(time: unknown, rules: EventRules): EventProblem | undefined {
  const problem = (state: string) => ({ field: "properties.time", reason: `'properties.time' is invalid: ${state}` });
  if (isAbsent(time)) {
    return rules.live ? undefined : problem("must not be missing");
  }
  if (typeof time !== "number" && typeof time !== "bigint" && !(time instanceof LongNumber)) {
    return problem("must be specified as seconds since epoch");
  }
  const number = Number(time);
  const seconds = number >= EARLIEST_MILLISECONDS ? number / 1000 : number;
  if (seconds < EARLIEST_SECONDS) return problem("must not be before 1971");
  if (rules.live && seconds < rules.nowMs / 1000 - MAX_LIVE_AGE_SECONDS) {
    return problem("must not be more than five days ago; 'mp import' takes older events");
  }
  if (seconds > rules.nowMs / 1000 + MAX_AHEAD_SECONDS) return problem("must not be in the future");
}

function insertIdProblem(id: unknown): EventProblem | undefined {
  if (isAbsent(id)) return undefined;
  const problem = (state: string) => ({ field: "$insert_id", reason: `'$insert_id' is invalid: ${state}` });
  if (typeof id !== "string" && typeof id !== "number" && typeof id !== "bigint") return problem("must be a string");
  const text = String(id);
  if (!INSERT_ID.test(text)) return problem("must only contain alphanumeric or hyphen '-' characters");
  if (text.length > MAX_INSERT_ID_CHARACTERS) return problem(`must not be longer than ${MAX_INSERT_ID_CHARACTERS}`);
  if (PLACEHOLDER_IDS.has(text.toLowerCase())) return problem(`must not be ${JSON.stringify(text)}`);
}

function userProblem(properties: Record<string, unknown>): EventProblem | undefined {
  const problem = (state: string) => ({
    field: "properties.distinct_id",
    reason: `'properties.distinct_id' is invalid: ${state}`,
  });
  const id = properties.distinct_id;
  if (id === undefined || id === null) {
    const hasOther = typeof properties.$user_id === "string" || typeof properties.$device_id === "string";
    return hasOther ? undefined : problem("must not be missing");
  }
  if (typeof id === "object" && !(id instanceof LongNumber)) return problem("must be a string");
  if (PLACEHOLDER_IDS.has(String(id).toLowerCase())) return problem(`must not be ${JSON.stringify(id)}`);
}

function sizeProblem(properties: Record<string, unknown>): EventProblem | undefined {
  let number = 0;
  for (const name in properties) {
    number++;
    const value = properties[name];
    if (typeof value !== "object" || value === null) continue;
    const reason = nestingProblem(value, 1);
    if (reason !== undefined) return { field: `properties.${name}`, reason: `'properties.${name}' ${reason}` };
  }
  if (number > MAX_PROPERTIES) {
    return { field: "properties", reason: `'properties' must not have more than ${MAX_PROPERTIES} members` };
  }
}

function nestingProblem(value: object, depth: number): string | undefined {
  if (value instanceof LongNumber) return undefined;
  const isList = Array.isArray(value);
  if (!isList && depth > MAX_DEPTH) return `must not be nested deeper than ${MAX_DEPTH}`;
  const inner = isList ? value : Object.values(value);
  if (inner.length > MAX_ELEMENTS) return `must not have more than ${MAX_ELEMENTS} ${isList ? "elements" : "keys"}`;
  for (const item of inner) {
    if (typeof item !== "object" || item === null) continue;
    const reason = nestingProblem(item, isList ? depth : depth + 1);
    if (reason !== undefined) return reason;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
