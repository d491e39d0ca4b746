/** One event as a client sent it: its values, and the text of its properties as it will be stored. */
import { isObject } from "../../streams/json/is_object.ts";
import { parseJson, stringifyJson } from "../../streams/json/json.ts";
import { setMember } from "../../streams/json/members.ts";
import { elementsOf, onOneLine, visitMembers } from "./json_text.ts";

/** Of a text, and of the names of events and properties; what is longer is cut. */
export const MOST_CHARACTERS = 255;

export interface SentEvent {
  /** The record's values; anything that JSON can be. */
  readonly value: unknown;
  /** `value.event` */
  readonly event: unknown;
  /** `value.properties`, when that is an object. */
  readonly properties?: Record<string, unknown>;
  /** JSON text of the properties without `time` and `token`: digits, escapes and order as they were sent. */
  readonly text: string;
}

/**
 * The events in a text: an array, or a single one.
 *
 * @throws SyntaxError for anything but JSON.
 */
export function sentEvents(text: string): SentEvent[] {
  return elementsOf(text).map(sentEvent);
}

/**
 * One event from its JSON text.
 *
 * @throws SyntaxError for anything but JSON.
 */
export function sentEvent(text: string): SentEvent {
  const value = parseJson(text);
  if (!isObject(value)) return { value, event: undefined, text: "{}" };
  const event = cutText(value.event);
  if (!isObject(value.properties)) return { value, event, text: "{}" };
  const cut = cutProperties(value.properties);
  const properties = cut ?? value.properties;
  return { value, event, properties, text: cut ? storedProperties(cut) : storedText(onOneLine(text), properties) };
}

/** A text as it is kept: its first 255 characters. Any other value as it is. */
function cutText<Value>(value: Value): Value | string {
  if (typeof value !== "string" || value.length <= MOST_CHARACTERS) return value;
  const characters = [...value];
  return characters.length <= MOST_CHARACTERS ? value : characters.slice(0, MOST_CHARACTERS).join("");
}

/** Properties whose names and texts are cut; undefined when none is too long. */
function cutProperties(properties: Record<string, unknown>): Record<string, unknown> | undefined {
  const cut: Record<string, unknown> = {};
  let isCut = false;
  for (const [name, value] of Object.entries(properties)) {
    const [shortName, shortValue] = [cutText(name), cutText(value)];
    isCut ||= shortName !== name || shortValue !== value;
    setMember(cut, shortName, shortValue);
  }
  return isCut ? cut : undefined;
}

/** JSON text of an event's properties as they are stored, when the values and not their text are at hand. */
export function storedProperties(properties: Record<string, unknown>): string {
  const { time: _time, token: _token, ...rest } = properties;
  return stringifyJson(rest);
}

function storedText(record: string, properties: Record<string, unknown>): string {
  let text: string | undefined;
  visitMembers(record, record.indexOf("{"), (key, _start, valueStart) => {
    if (key === "properties" && record[valueStart] === "{") text = withoutServerKeys(record, valueStart, properties);
  });
  // The key was written with escapes, or twice.
  return text ?? storedProperties(properties);
}

/** Copies runs of members between those that are left out. Undefined when the text doesn't say what the values say. */
function withoutServerKeys(record: string, start: number, properties: Record<string, unknown>): string | undefined {
  const runs: string[] = [];
  let runStart = -1;
  let runEnd = -1;
  let count = 0;
  let isPlain = true;
  const closeRun = () => {
    if (runStart >= 0) runs.push(record.slice(runStart, runEnd));
    runStart = -1;
  };
  visitMembers(record, start, (key, memberStart, _valueStart, valueEnd) => {
    count++;
    if (key.includes("\\")) isPlain = false;
    if (key === "time" || key === "token") {
      closeRun();
      return;
    }
    if (runStart < 0) runStart = memberStart;
    runEnd = valueEnd;
  });
  closeRun();
  // An escaped key could be one of the two; a repeated key is a last value to us and a first one to SQLite.
  return isPlain && count === Object.keys(properties).length ? `{${runs.join()}}` : undefined;
}
