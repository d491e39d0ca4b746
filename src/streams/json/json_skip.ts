/** Finds where JSON values end without making values of them: what is passed on keeps its bytes. */

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c, MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const ZERO = 0x30, NINE = 0x39, LARGE_E = 0x45, SMALL_E = 0x65, SMALL_U = 0x75, SPACE = 0x20;

/** Deeper values are refused, as they are by Mixpanel long before. */
const MAX_DEPTH = 500;

const LITERALS = ["true", "false", "null"].map((word) => new TextEncoder().encode(word));
/** What may follow a backslash, besides `u`. */
const ESCAPABLE: ReadonlySet<number> = new Set(new TextEncoder().encode('"\\/bfnrt'));

/** Reads an element of a list, and returns the index after it, or -1 to refuse the whole. */
export type SkipElement = (start: number) => number;

/** Reads the value of a member, whose key is given without its quotes and as it is written, as `SkipElement` does. */
export type SkipMember = (keyStart: number, keyEnd: number, start: number) => number;

/** The index of the first byte from here on that is no white space. */
export function skipSpace(bytes: Uint8Array, start: number): number {
  let at = start;
  for (let byte = bytes[at]; byte === SPACE || byte === 10 || byte === 13 || byte === 9; byte = bytes[++at]);
  return at;
}

/** The index after the value that begins here, or -1 when it is no JSON. */
export function skipValue(bytes: Uint8Array, start: number, depth = 0): number {
  const first = bytes[start];
  switch (first) {
    case QUOTE:
      return skipString(bytes, start);
    case OPEN_OBJECT:
      return skipObject(bytes, start, undefined, depth);
    case OPEN_LIST:
      return skipList(bytes, start, undefined, depth);
    case undefined:
      return -1;
    default:
      return first === MINUS || isDigit(first) ? skipNumber(bytes, start) : skipLiteral(bytes, start);
  }
}

/** The index after an object whose brace is here, or -1. */
export function skipObject(bytes: Uint8Array, start: number, skipMember?: SkipMember, depth = 0): number {
  if (bytes[start] !== OPEN_OBJECT || depth > MAX_DEPTH) return -1;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_OBJECT) return at + 1;
  for (;;) {
    const keyStart = at;
    at = bytes[at] === QUOTE ? skipString(bytes, at) : -1;
    if (at < 0) return -1;
    const keyEnd = at;
    at = skipSpace(bytes, at);
    if (bytes[at] !== COLON) return -1;
    at = skipSpace(bytes, at + 1);
    at = skipMember?.(keyStart + 1, keyEnd - 1, at) ?? skipValue(bytes, at, depth + 1);
    if (at < 0) return -1;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = skipSpace(bytes, at + 1);
  }
}

/** The index after a list whose bracket is here, or -1. */
export function skipList(bytes: Uint8Array, start: number, skipElement?: SkipElement, depth = 0): number {
  if (bytes[start] !== OPEN_LIST || depth > MAX_DEPTH) return -1;
  let at = skipSpace(bytes, start + 1);
  if (bytes[at] === CLOSE_LIST) return at + 1;
  for (;;) {
    at = skipElement?.(at) ?? skipValue(bytes, at, depth + 1);
    if (at < 0) return -1;
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_LIST) return at + 1;
    if (bytes[at] !== COMMA) return -1;
    at = skipSpace(bytes, at + 1);
  }
}

/** The index after a string whose quote is here, or -1. */
function skipString(bytes: Uint8Array, start: number): number {
  const { length } = bytes;
  let at = start + 1;
  while (at < length) {
    const byte = bytes[at++] as number;
    if (byte === QUOTE) return at;
    if (byte < SPACE) return -1;
    if (byte !== BACKSLASH) continue;
    const escaped = bytes[at++] as number;
    if (escaped === SMALL_U) {
      for (const last = at + 4; at < last; at++) if (!isHexDigit(bytes[at])) return -1;
    } else if (!ESCAPABLE.has(escaped)) return -1;
  }
  return -1;
}

function skipNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === ZERO ? at + 1 : skipDigits(bytes, at);
  if (at > 0 && bytes[at] === POINT) at = skipDigits(bytes, at + 1);
  if (at > 0 && (bytes[at] === SMALL_E || bytes[at] === LARGE_E)) {
    at++;
    at = skipDigits(bytes, bytes[at] === PLUS || bytes[at] === MINUS ? at + 1 : at);
  }
  return at;
}

/** The index after one digit or more, or -1. */
function skipDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while (isDigit(bytes[at])) at++;
  return at === start ? -1 : at;
}

function skipLiteral(bytes: Uint8Array, start: number): number {
  for (const literal of LITERALS) {
    if (literal.every((byte, index) => bytes[start + index] === byte)) return start + literal.length;
  }
  return -1;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}

function isHexDigit(byte: number | undefined): boolean {
  return isDigit(byte) || (byte !== undefined && ((byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66)));
}
