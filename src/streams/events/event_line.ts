/**
 * Checks one line of a raw export: is it an event?
 *
 * Every byte of every line is looked at. The form that Mixpanel writes needs no look at the keys; in any other they are
 * found first.
 */
import { JsonScanner } from "../json/json_scanner.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

const CLOSE_OBJECT = 0x7d;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD = bytesOf('{"event":"');
const MIDDLE = bytesOf(',"properties":{');

const scanner = new JsonScanner();
const spans = new JsonSpans("event");
const EVENT = spans.watch(JsonScope.record, "event");

/** Whether the bytes from `start` to `end` are an event: a JSON object with an `event` and an object of `properties`. */
export function isEventLine(bytes: Uint8Array, start: number, end: number): boolean {
  return isUsualEvent(bytes, start, end) || isAnyEvent(bytes, start, end);
}

/** Whether the bytes begin and end as Mixpanel writes events. What is between is not looked at. */
export function looksLikeEvent(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] !== CLOSE_OBJECT || bytes[end - 2] !== CLOSE_OBJECT) return false;
  const at = propertiesAt(bytes, start);
  return at >= 0 && at < end - 2;
}

/** Whether the bytes are `{"event":"…","properties":{…}}` and valid JSON. False says only that it is not this form. */
function isUsualEvent(bytes: Uint8Array, start: number, end: number): boolean {
  let at = propertiesAt(bytes, start);
  if (at < 0) return false;
  at = scanner.skipContainer(at);
  return at === end - 1 && bytes[at] === CLOSE_OBJECT;
}

/** The index of the brace of the properties when the bytes begin as Mixpanel writes events, or -1. */
function propertiesAt(bytes: Uint8Array, start: number): number {
  if (!startsWith(bytes, start, HEAD)) return -1;
  scanner.use(bytes);
  const at = scanner.skipString(start + HEAD.length);
  return at >= 0 && startsWith(bytes, at, MIDDLE) ? at + MIDDLE.length - 1 : -1;
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
