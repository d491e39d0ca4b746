/**
 * Gives records what they lack: an `$insert_id`, and for live events the time.
 *
 * Mixpanel counts events with the same event, user, time and `$insert_id` once. An id that follows from the record
 * makes sending it twice harmless. (Two records that are equal in everything get the same id, and count once.)
 */
import { randomUUID, sha256Hex } from "../../runtime/hash.ts";
import { LongNumber, stringifyJson } from "../../streams/json/json.ts";

const INSERT_ID_CHARACTERS = 36;

/** An event in its usual order, up to its first property. Group 1 is all of that. */
const USUAL_HEAD = /^(\s*\{\s*"event"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"properties"\s*:\s*\{)\s*"/;

/** A small letter as a number. No program that prints JSON writes it so. */
const ESCAPED_LETTER = /\\u00[67]/;

/** An event whose values keep the rules. Integers beyond 2^53 are bigints. */
export interface CheckedEvent {
  event: string;
  properties: Record<string, unknown>;
}

/** Databases export an empty column as null or an empty text. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * The text of an event with an `$insert_id`, and with `time` in milliseconds when it has none. What was there stays
 * as it was, except where a record has an unusual order or an empty value and has to be printed again.
 *
 * A record that gets its time from here gets a random id: it would be another event a second later.
 *
 * @param text as it was read; without it, the event is printed
 * @param onContentId called with an id that follows from the content
 */
export function completeRecord(
  record: CheckedEvent,
  text: string | undefined,
  nowMs: number,
  onContentId?: (id: string) => void,
): string {
  const lacksTime = isAbsent(record.properties.time);
  const lacksId = isAbsent(record.properties.$insert_id);
  if (!lacksTime && !lacksId) return text ?? printed(record);
  const properties = withoutEmpty(record.properties, lacksTime, lacksId);
  const added: Record<string, unknown> = {};
  if (lacksTime) added.time = nowMs;
  if (lacksId) {
    const id = lacksTime ? randomUUID() : insertIdOf(record.event, properties);
    added.$insert_id = id;
    if (!lacksTime) onContentId?.(id);
  }
  const mustPrint = text === undefined || properties !== record.properties || mayHaveTwo(text);
  const head = mustPrint ? undefined : USUAL_HEAD.exec(text)?.[1];
  if (head !== undefined) return `${head}${JSON.stringify(added).slice(1, -1)},${text?.slice(head.length)}`;
  return printed({ ...record, properties: { ...added, ...properties } });
}

/** JSON keeps the last of two keys of one name, however it is spelled: then the first is not where the record is. */
function mayHaveTwo(text: string): boolean {
  return text.indexOf('"properties"') !== text.lastIndexOf('"properties"') || ESCAPED_LETTER.test(text);
}

/** The properties without an empty time and id: themselves when these are not there at all. */
function withoutEmpty(properties: Record<string, unknown>, time: boolean, id: boolean): Record<string, unknown> {
  if (!(time && "time" in properties) && !(id && "$insert_id" in properties)) return properties;
  const rest = { ...properties };
  if (time) delete rest.time;
  if (id) delete rest.$insert_id;
  return rest;
}

/** 36 hexadecimal characters that depend on the event, the user, the time and all properties, but not on their order. */
export function insertIdOf(event: unknown, properties: Record<string, unknown>): string {
  const content = [event, properties.distinct_id, properties.time, sorted(properties)];
  return sha256Hex(printed(content)).slice(0, INSERT_ID_CHARACTERS);
}

/** Objects as lists of their members in the order of their names, told apart from lists. */
function sorted(value: unknown): unknown {
  if (typeof value !== "object" || value === null || value instanceof LongNumber) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = value as Record<string, unknown>;
  return { object: Object.keys(members).sort().map((name) => [name, sorted(members[name])]) };
}

/** Without bigints, the platform's own printer is several times as fast. */
function printed(record: unknown): string {
  try {
    return JSON.stringify(record);
  } catch (error) {
    // A bigint, which the platform refuses.
    if (!(error instanceof TypeError)) throw error;
    return stringifyJson(record);
  }
}
