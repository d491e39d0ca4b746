/**
 * Looks through one event as it is written, without parsing it: is it whole, valid JSON in valid UTF-8, and where are the
 * values that the rules for events are about? An import that changes nothing needs no more than this, and sends the bytes
 * as they came: about ten times as fast as `JSON.parse`, a check of the values, and printing.
 *
 * "No" says only that the usual form was not found. Such a line is parsed, and what is wrong with it said then.
 */

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c, SPACE = 0x20;
const OPEN_LIST = 0x5b, CLOSE_LIST = 0x5d, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d, PLUS = 0x2b, POINT = 0x2e, ZERO = 0x30, NINE = 0x39, LARGE_E = 0x45, SMALL_E = 0x65, SMALL_U = 0x75;
const FIRST_BEYOND_ASCII = 0x80;

/** Deeper values than this are left to the parser. */
const MAX_DEPTH = 32;
/** As many digits as every number has exactly. */
const MAX_EXACT_DIGITS = 15;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const EVENT = bytesOf("event"), PROPERTIES = bytesOf("properties");
const TIME = bytesOf("time"), DISTINCT_ID = bytesOf("distinct_id"), INSERT_ID = bytesOf("$insert_id");
const TRUE = bytesOf("true"), FALSE = bytesOf("false"), NULL = bytesOf("null");
const ESCAPABLE: ReadonlySet<number> = new Set(bytesOf('"\\/bfnrt'));
/** 1 for each byte that is a character of a string by itself. */
const PLAIN = Uint8Array.from(
  { length: 256 },
  (_, byte) => byte >= SPACE && byte < FIRST_BEYOND_ASCII && byte !== QUOTE && byte !== BACKSLASH ? 1 : 0,
);

/** What was found of a value that the rules are about. */
export class FoundText {
  /** Index of the first character; -1 when there is no such string of plain ASCII without escapes. */
  start = -1;
  /** Index after the last character. */
  end = -1;
}

/** One scanner is used for many lines; what it found is about the last one. */
export class EventScanner {
  /** Where the object begins and ends, without the white space around it. */
  start = 0;
  end = 0;
  /** The name's characters are not looked at: any string counts, of any characters. */
  readonly event = new FoundText();
  /** An integer without sign, fraction and exponent; otherwise NaN. */
  time = NaN;
  readonly distinctId = new FoundText();
  readonly insertId = new FoundText();
  /** Members of `properties`. */
  properties = 0;
  /** Most elements of any list or object within `properties`. */
  widest = 0;
  /** Most objects inside each other below `properties`; lists between them don't count. */
  deepest = 0;

  #line: Uint8Array = new Uint8Array(0);
  #lineEnd = 0;

  /**
   * Whether the line is a JSON object with one `event` and one `properties`, and has each key that matters once.
   *
   * @param bytes the line is in it from `start` to `end`; what is found are places in these bytes
   */
  scan(bytes: Uint8Array, start = 0, end: number = bytes.length): boolean {
    this.#line = bytes;
    this.#lineEnd = end;
    this.event.start = this.distinctId.start = this.insertId.start = -1;
    this.time = NaN;
    this.properties = this.widest = this.deepest = 0;
    let at = this.#passSpace(start);
    if (at >= end || bytes[at] !== OPEN_OBJECT) return false;
    this.start = at;
    at = this.#passEvent(at + 1);
    if (at < 0) return false;
    this.end = at;
    // What was passed may be beyond the end of the line: then it ends nowhere.
    return this.#passSpace(at) === end;
  }

  /** Passes the members of the event itself and its closing brace. */
  #passEvent(start: number): number {
    const line = this.#line;
    let hasProperties = false;
    for (let at = start;;) {
      at = this.#passSpace(at);
      const key = at + 1;
      if ((at = this.#passKey(at)) < 0) return -1;
      const keyEnd = this.#keyEnd;
      const first = line[at];
      if (first === QUOTE && isText(line, key, keyEnd, EVENT)) {
        const nameStart = at + 1;
        if (this.event.start >= 0 || (at = passText(line, nameStart)) < 0) return -1;
        this.event.start = nameStart;
        this.event.end = at - 1;
      } else if (first === OPEN_OBJECT && isText(line, key, keyEnd, PROPERTIES)) {
        if (hasProperties || (at = this.#passProperties(at + 1)) < 0) return -1;
        hasProperties = true;
      } else if (isText(line, key, keyEnd, EVENT) || isText(line, key, keyEnd, PROPERTIES)) {
        return -1;
      } else if ((at = this.#passValue(at, 0, 0)) < 0) {
        return -1;
      }
      at = this.#passSpace(at);
      if (line[at] === COMMA) at++;
      else return line[at] === CLOSE_OBJECT && hasProperties && this.event.start >= 0 ? at + 1 : -1;
    }
  }

  /** Passes the members of `properties` and its closing brace. */
  #passProperties(start: number): number {
    const line = this.#line;
    let at = this.#passSpace(start);
    if (line[at] === CLOSE_OBJECT) return at + 1;
    let hasTime = false;
    for (;;) {
      this.properties++;
      const key = at + 1;
      if ((at = this.#passKey(at)) < 0) return -1;
      const keyEnd = this.#keyEnd;
      const length = keyEnd - key;
      if (length === 4 && isText(line, key, keyEnd, TIME)) {
        const from = at;
        if (hasTime || (at = this.#passValue(at, 1, 0)) < 0) return -1;
        hasTime = true;
        this.time = integer(line, from, at);
      } else if (length === 11 && isText(line, key, keyEnd, DISTINCT_ID)) {
        if ((at = this.#passId(at, this.distinctId)) < 0) return -1;
      } else if (length === 10 && isText(line, key, keyEnd, INSERT_ID)) {
        if ((at = this.#passId(at, this.insertId)) < 0) return -1;
      } else if (line[at] === QUOTE) {
        if ((at = passText(line, at + 1)) < 0) return -1;
      } else if ((at = this.#passValue(at, 1, 0)) < 0) {
        return -1;
      }
      if ((line[at] as number) <= SPACE) at = this.#passSpace(at);
      if (line[at] !== COMMA) return line[at] === CLOSE_OBJECT ? at + 1 : -1;
      at = this.#passSpace(at + 1);
    }
  }

  /** Passes a string of plain characters, and keeps its place. Any other value, and a second one, is none. */
  #passId(start: number, found: FoundText): number {
    const line = this.#line;
    if (found.start >= 0 || line[start] !== QUOTE) return -1;
    let at = start + 1;
    while (PLAIN[line[at] as number] === 1) at++;
    if (line[at] !== QUOTE) return -1;
    found.start = start + 1;
    found.end = at;
    return at + 1;
  }

  #keyEnd = 0;

  /** Passes a key, which must have no escapes, and its colon: the index of its value, or -1. */
  #passKey(start: number): number {
    const line = this.#line;
    if (line[start] !== QUOTE) return -1;
    let at = start + 1;
    for (;;) {
      while (PLAIN[line[at] as number] === 1) at++;
      const byte = line[at];
      if (byte === QUOTE) break;
      // Behind the last byte there is none.
      if (byte === undefined || byte < FIRST_BEYOND_ASCII || (at = passCharacter(line, at)) < 0) return -1;
    }
    this.#keyEnd = at;
    at++;
    if ((line[at] as number) <= SPACE) at = this.#passSpace(at);
    if (line[at] !== COLON) return -1;
    return (line[at + 1] as number) <= SPACE ? this.#passSpace(at + 1) : at + 1;
  }

  /**
   * Passes any value: the index after it, or -1.
   *
   * @param objects how many objects it is in, below the event
   * @param nested how many lists and objects in all
   */
  #passValue(start: number, objects: number, nested: number): number {
    const line = this.#line;
    const first = line[start] as number;
    if (first === QUOTE) return passText(line, start + 1);
    if (first === OPEN_OBJECT || first === OPEN_LIST) {
      return nested === MAX_DEPTH ? -1 : this.#passContainer(start + 1, first === OPEN_OBJECT, objects, nested + 1);
    }
    if (first <= NINE) return passNumber(line, start);
    const literal = first === 0x74 ? TRUE : first === 0x66 ? FALSE : NULL;
    const end = start + literal.length;
    return isText(line, start, end, literal) ? end : -1;
  }

  #passContainer(start: number, isObject: boolean, objects: number, nested: number): number {
    const line = this.#line;
    const close = isObject ? CLOSE_OBJECT : CLOSE_LIST;
    if (isObject && objects > this.deepest) this.deepest = objects;
    const inner = isObject ? objects + 1 : objects;
    let elements = 0;
    let at = this.#passSpace(start);
    if (line[at] === close) return at + 1;
    for (;;) {
      elements++;
      // Keys of inner objects may have escapes: no rule is about them.
      if (isObject && (at = this.#passInnerKey(at)) < 0) return -1;
      if ((at = this.#passValue(at, inner, nested)) < 0) return -1;
      at = this.#passSpace(at);
      if (line[at] !== COMMA) break;
      at = this.#passSpace(at + 1);
    }
    if (elements > this.widest) this.widest = elements;
    return line[at] === close ? at + 1 : -1;
  }

  #passInnerKey(start: number): number {
    if (this.#line[start] !== QUOTE) return -1;
    let at = passText(this.#line, start + 1);
    if (at < 0) return -1;
    at = this.#passSpace(at);
    return this.#line[at] === COLON ? this.#passSpace(at + 1) : -1;
  }

  #passSpace(start: number): number {
    const line = this.#line;
    const end = this.#lineEnd;
    let at = start;
    while (at < end) {
      const byte = line[at];
      if (byte !== SPACE && byte !== 9 && byte !== 10 && byte !== 13) return at;
      at++;
    }
    return at;
  }
}

/** Passes the rest of a string whose quote is open: the index after its closing quote, or -1. */
function passText(bytes: Uint8Array, start: number): number {
  const end = bytes.length;
  let at = start;
  while (at < end) {
    const byte = bytes[at] as number;
    if (PLAIN[byte] === 1) at++;
    else if (byte === QUOTE) return at + 1;
    else {
      if (byte === BACKSLASH) at = passEscape(bytes, at + 1);
      else if (byte >= FIRST_BEYOND_ASCII) at = passCharacter(bytes, at);
      else return -1;
      if (at < 0) return -1;
    }
  }
  return -1;
}

function isText(bytes: Uint8Array, start: number, end: number, text: Uint8Array): boolean {
  if (end - start !== text.length) return false;
  for (let index = 0; index < text.length; index++) if (bytes[start + index] !== text[index]) return false;
  return true;
}

/** The value of a number that has nothing but a few digits, else NaN. */
function integer(bytes: Uint8Array, start: number, end: number): number {
  if (end - start > MAX_EXACT_DIGITS) return NaN;
  let value = 0;
  for (let at = start; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte < ZERO || byte > NINE) return NaN;
    value = value * 10 + byte - ZERO;
  }
  return value;
}

/** Passes what follows a backslash. */
function passEscape(bytes: Uint8Array, start: number): number {
  const escaped = bytes[start] as number;
  if (escaped !== SMALL_U) return ESCAPABLE.has(escaped) ? start + 1 : -1;
  for (let at = start + 1; at < start + 5; at++) if (!isHexDigit(bytes[at])) return -1;
  return start + 5;
}

/** Passes one character beyond ASCII, as the Unicode standard (table 3-7) has them: no surrogates, nothing overlong. */
function passCharacter(bytes: Uint8Array, at: number): number {
  const first = bytes[at] as number;
  const second = bytes[at + 1] as number;
  if (first < 0xc2 || first > 0xf4) return -1;
  if (first < 0xe0) return isBetween(second, 0x80, 0xbf) ? at + 2 : -1;
  const third = isBetween(bytes[at + 2], 0x80, 0xbf);
  if (first < 0xf0) {
    const lowest = first === 0xe0 ? 0xa0 : 0x80;
    return third && isBetween(second, lowest, first === 0xed ? 0x9f : 0xbf) ? at + 3 : -1;
  }
  const lowest = first === 0xf0 ? 0x90 : 0x80;
  const fourth = isBetween(bytes[at + 3], 0x80, 0xbf);
  return third && fourth && isBetween(second, lowest, first === 0xf4 ? 0x8f : 0xbf) ? at + 4 : -1;
}

function isBetween(byte: number | undefined, lowest: number, highest: number): boolean {
  return byte !== undefined && byte >= lowest && byte <= highest;
}

/** Passes a number: the index after it, or -1. */
function passNumber(bytes: Uint8Array, start: number): number {
  let at = bytes[start] === MINUS ? start + 1 : start;
  at = bytes[at] === ZERO ? at + 1 : passDigits(bytes, at);
  if (at > 0 && bytes[at] === POINT) at = passDigits(bytes, at + 1);
  if (at > 0 && (bytes[at] === SMALL_E || bytes[at] === LARGE_E)) {
    at++;
    at = passDigits(bytes, bytes[at] === PLUS || bytes[at] === MINUS ? at + 1 : at);
  }
  return at;
}

/** The index after one digit or more, or -1. */
function passDigits(bytes: Uint8Array, start: number): number {
  let at = start;
  while ((bytes[at] as number) >= ZERO && (bytes[at] as number) <= NINE) at++;
  return at === start ? -1 : at;
}

function isHexDigit(byte: number | undefined): boolean {
  return isBetween(byte, ZERO, NINE) || isBetween(byte, 0x41, 0x46) || isBetween(byte, 0x61, 0x66);
}
