/**
 * Gives records what they lack: an `$insert_id`, and for live events the time.
 *
 * Mixpanel counts events with the same event, user, time and `$insert_id` once. An id that follows from the record
 * makes sending it twice harmless. (Two records that are equal in everything get the same id, and count once.)
 */
import { randomUUID, sha256 } from "../runtime/hash.ts";
import { parseJson, stringifyJson } from "../streams/json.ts";

const INSERT_ID_CHARACTERS = 36;

/** An event in its usual order, up to its first property. Group 1 is all of that. */
const USUAL_HEAD = /^(\s*\{\s*"event"\s*:\s*"(?:[^"\\]|\\.)*"\s*,\s*"properties"\s*:\s*\{)\s*"/;

/** Databases export an empty column as null or an empty text. */
export function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === "";
}

/**
 * The text of an event with an `$insert_id`, and with `time` in milliseconds when it has none. What was there stays
 * as it was, except where a record has an unusual order or an empty value and has to be printed again.
 *
 * A record that gets its time from here gets a random id: it would be another event a second later.
 */
export function completeRecord(text: string, nowMs: number): string {
  const record = parseJson(text) as { event: unknown; properties: Record<string, unknown> };
  const lacking = ["time", "$insert_id"].filter((name) => isAbsent(record.properties[name]));
  if (lacking.length === 0) return text;
  const mustPrint = lacking.some((name) => name in record.properties);
  const properties = { ...record.properties };
  for (const name of lacking) delete properties[name];
  const added: Record<string, unknown> = {};
  if (lacking.includes("time")) added.time = nowMs;
  if (lacking.includes("$insert_id")) {
    added.$insert_id = lacking.includes("time") ? randomUUID() : insertIdOf(record.event, properties);
  }
  // JSON keeps the last of two keys of one name: the text between them is not where the record is.
  const isDoubled = text.indexOf('"properties"') !== text.lastIndexOf('"properties"');
  const head = mustPrint || isDoubled ? undefined : USUAL_HEAD.exec(text)?.[1];
  if (head !== undefined) return `${head}${stringifyJson(added).slice(1, -1)},${text.slice(head.length)}`;
  return stringifyJson({ ...record, properties: { ...added, ...properties } });
}

/** 36 hexadecimal characters that depend on the event, the user, the time and all properties, but not on their order. */
export function insertIdOf(event: unknown, properties: Record<string, unknown>): string {
  const hash = sha256();
  hash.update(stringifyJson([event, properties.distinct_id, properties.time, sorted(properties)]));
  return hash.hex().slice(0, INSERT_ID_CHARACTERS);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => a < b ? -1 : a > b ? 1 : 0);
  return { object: entries.map(([name, inner]) => [name, sorted(inner)]) };
}
