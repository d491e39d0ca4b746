/**
 * Checks one line of a raw export: is it an event?
 *
 * Every byte of every line is looked at. In the order in which Mixpanel writes them, with blanks between tokens or without,
 * an event's own keys need no look; in any other they are found first.
 */
import { JsonScanner } from "../json/json_scanner.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

const QUOTE = 0x22,
  COMMA = 0x2c,
  COLON = 0x3a,
  SPACE = 0x20,
  CARRIAGE_RETURN = 13,
  OPEN_OBJECT = 0x7b,
  CLOSE_OBJECT = 0x7d;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const EVENT_KEY = bytesOf('"event"');
const PROPERTIES_KEY = bytesOf('"properties"');
/** What Mixpanel writes, without blanks. */
const HEAD = bytesOf('{"event":"');
const MIDDLE = bytesOf(',"properties":{');

const scanner = new JsonScanner();
const spans = new JsonSpans("event");
const EVENT = spans.watch(JsonScope.record, "event");

/** Whether the bytes from `start` to `end` are an event: a JSON object with an `event` and an object of `properties`. */
export function isEventLine(bytes: Uint8Array, start: number, end: number): boolean {
  return isUsualEvent(bytes, start, end) || isAnyEvent(bytes, start, end);
}

/**
 * Whether the bytes begin and end as Mixpanel writes events, blanks between tokens aside. What is between is not looked at.
 */
export function looksLikeEvent(bytes: Uint8Array, start: number, end: number): boolean {
  const close = lastToken(bytes, start, end);
  const closeProperties = lastToken(bytes, start, close);
  if (bytes[close] !== CLOSE_OBJECT || bytes[closeProperties] !== CLOSE_OBJECT) return false;
  const at = propertiesAt(bytes, start);
  return at >= 0 && at < closeProperties;
}

/** Whether the bytes are `{"event":"…","properties":{…}}` and valid JSON. False says only that it is not this form. */
function isUsualEvent(bytes: Uint8Array, start: number, end: number): boolean {
  let at = propertiesAt(bytes, start);
  if (at < 0) return false;
  at = scanner.skipContainer(at);
  if (at < 0) return false;
  if (bytes[at] !== CLOSE_OBJECT) at = scanner.skipSpace(at);
  return at < end && bytes[at] === CLOSE_OBJECT && (at === end - 1 || scanner.skipSpace(at + 1) >= end);
}

/** The index of the brace of the properties when the bytes begin as Mixpanel writes events, or -1. */
function propertiesAt(bytes: Uint8Array, start: number): number {
  scanner.use(bytes);
  let at = startsWith(bytes, start, HEAD) ? start + HEAD.length : nameAfterBlanks(bytes, start);
  if (at < 0) return -1;
  at = scanner.skipString(at);
  if (at < 0) return -1;
  return startsWith(bytes, at, MIDDLE) ? at + MIDDLE.length - 1 : propertiesAfterBlanks(bytes, at);
}

/** The index of the event's name, after its quote, where blanks are before it; or -1. */
function nameAfterBlanks(bytes: Uint8Array, start: number): number {
  if (bytes[start] !== OPEN_OBJECT) return -1;
  const at = valueAfterKey(bytes, start + 1, EVENT_KEY);
  return at >= 0 && bytes[at] === QUOTE ? at + 1 : -1;
}

function propertiesAfterBlanks(bytes: Uint8Array, start: number): number {
  const comma = scanner.skipSpace(start);
  if (bytes[comma] !== COMMA) return -1;
  const at = valueAfterKey(bytes, comma + 1, PROPERTIES_KEY);
  return at >= 0 && bytes[at] === OPEN_OBJECT ? at : -1;
}

/** The index of the value when this is its key, with blanks around it and the colon; or -1. */
function valueAfterKey(bytes: Uint8Array, start: number, key: Uint8Array): number {
  const at = scanner.skipSpace(start);
  if (!startsWith(bytes, at, key)) return -1;
  const colon = scanner.skipSpace(at + key.length);
  return bytes[colon] === COLON ? scanner.skipSpace(colon + 1) : -1;
}

/** The index of the last byte before `end` that is no blank. */
function lastToken(bytes: Uint8Array, start: number, end: number): number {
  let at = end - 1;
  while (at > start && (bytes[at] === SPACE || bytes[at] === CARRIAGE_RETURN)) at--;
  return at;
}

function isAnyEvent(bytes: Uint8Array, start: number, end: number): boolean {
  if (!spans.scan(bytes, start, end) || spans.propertiesStart < 0) return false;
  const index = spans.last[EVENT] as number;
  return index >= 0 && spans.kind[index] === JsonKind.string;
}

function startsWith(bytes: Uint8Array, start: number, prefix: Uint8Array): boolean {
  for (let index = 0; index < prefix.length; index++) if (bytes[start + index] !== prefix[index]) return false;
  return true;
}
