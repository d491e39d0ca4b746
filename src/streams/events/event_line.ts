/**
 * Checks one line of a raw export: is it an event?
 *
 * Every byte of every line is looked at. The form that Mixpanel writes is checked on the bytes, about ten times as fast
 * as `JSON.parse`; whatever has another form is parsed.
 */
import { skipFraction, skipInteger, startsWith } from "../json/json_tokens.ts";

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const ZERO = 0x30, NINE = 0x39, SMALL_U = 0x75;
const FIRST_PRINTABLE = 0x20;

/** Deeper values than this are left to `JSON.parse`; the kinds of open containers fit one integer. */
const MAX_DEPTH = 30;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const HEAD = bytesOf('{"event":"');
const MIDDLE = bytesOf(',"properties":{');
const LITERALS = ["true", "false", "null"].map(bytesOf);
/** What may follow a backslash, besides `u`. */
const ESCAPABLE: ReadonlySet<number> = new Set(bytesOf('"\\/bfnrt'));

/** 1 for the bytes of a string that have to be looked at: the quote, the backslash and controls. */
const ENDS_RUN = new Uint8Array(256).map((_, byte) =>
  byte < FIRST_PRINTABLE || byte === QUOTE || byte === BACKSLASH ? 1 : 0
);

const decoder = new TextDecoder();

/** Whether the bytes from `start` to `end` are an event: a JSON object with an `event` and an object of `properties`. */
export function isEventLine(bytes: Uint8Array, start: number, end: number): boolean {
  return isCompactEvent(bytes, start, end) || isParsedEvent(decoder.decode(bytes.subarray(start, end)));
}

/**
 * Whether the bytes are exactly `{"event":"…","properties":{…}}`, valid JSON and without white space between tokens.
 * False says only that it is not this form.
 */
export function isCompactEvent(bytes: Uint8Array, start: number, end: number): boolean {
  if (!startsWith(bytes, start, HEAD)) return false;
  let at = skipString(bytes, start + HEAD.length, end);
  if (at < 0 || !startsWith(bytes, at, MIDDLE)) return false;
  at = skipMembers(bytes, at + MIDDLE.length, end);
  return at === end - 1 && bytes[at] === CLOSE_OBJECT;
}

/** Whether the bytes begin and end as those of `isCompactEvent` do. What is between is not looked at. */
export function looksLikeEvent(bytes: Uint8Array, start: number, end: number): boolean {
  if (bytes[end - 1] !== CLOSE_OBJECT || bytes[end - 2] !== CLOSE_OBJECT || !startsWith(bytes, start, HEAD)) {
    return false;
  }
  const at = skipString(bytes, start + HEAD.length, end);
  return at > 0 && startsWith(bytes, at, MIDDLE) && at + MIDDLE.length <= end - 2;
}

function isParsedEvent(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null) return false;
    const { event, properties } = value as { event?: unknown; properties?: unknown };
    return typeof event === "string" && typeof properties === "object" && properties !== null &&
      !Array.isArray(properties);
  } catch { // expected: SyntaxError, for a line that is no JSON
    return false;
  }
}

/** Skips the members of an object whose brace is open, with all that is in them: the index after its brace, or -1. */
function skipMembers(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  let depth = 1;
  /** One bit for each open container, the innermost the lowest: 1 is an object. */
  let kinds = 1;
  let isEmpty = true;
  for (;;) {
    const inObject = (kinds & 1) === 1;
    const close = inObject ? CLOSE_OBJECT : CLOSE_LIST;
    if (!isEmpty || bytes[at] !== close) {
      if (inObject) {
        if (bytes[at] !== QUOTE) return -1;
        at = skipString(bytes, at + 1, end);
        if (at < 0 || bytes[at] !== COLON) return -1;
        at++;
      }
      const first = bytes[at] as number;
      if (first === QUOTE) {
        at = skipString(bytes, at + 1, end);
      } else if (first === OPEN_OBJECT || first === OPEN_LIST) {
        if (depth === MAX_DEPTH) return -1;
        depth++;
        kinds = (kinds << 1) | (first === OPEN_OBJECT ? 1 : 0);
        isEmpty = true;
        at++;
        continue;
      } else {
        at = first <= NINE ? skipNumber(bytes, at) : skipLiteral(bytes, at);
      }
      if (at < 0) return -1;
    }
    while (bytes[at] === ((kinds & 1) === 1 ? CLOSE_OBJECT : CLOSE_LIST)) {
      at++;
      depth--;
      kinds >>>= 1;
      if (depth === 0) return at;
    }
    if (bytes[at] !== COMMA) return -1;
    isEmpty = false;
    at++;
  }
}

/** The index after the quote that ends a string, or -1. */
function skipString(bytes: Uint8Array, start: number, end: number): number {
  let at = start;
  for (;;) {
    while (ENDS_RUN[bytes[at] as number] === 0) at++;
    if (at >= end) return -1;
    const byte = bytes[at++] as number;
    if (byte === QUOTE) return at;
    if (byte !== BACKSLASH) return -1;
    const escaped = bytes[at++] as number;
    if (escaped === SMALL_U) {
      for (const last = at + 4; at < last; at++) if (!isHexDigit(bytes[at])) return -1;
    } else if (!ESCAPABLE.has(escaped)) {
      return -1;
    }
  }
}

/** The index after a number, or -1. */
function skipNumber(bytes: Uint8Array, start: number): number {
  return skipFraction(bytes, skipInteger(bytes, start));
}

function skipLiteral(bytes: Uint8Array, start: number): number {
  for (const literal of LITERALS) if (startsWith(bytes, start, literal)) return start + literal.length;
  return -1;
}

function isHexDigit(byte: number | undefined): boolean {
  return byte !== undefined &&
    ((byte >= ZERO && byte <= NINE) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66));
}
