/**
 * Finds the keys and values of a JSON record in its bytes, without making objects of them.
 *
 * `JSON.parse` and then printing again costs most of the time of a conversion, rounds long integers, and leaves a heap
 * to collect. Here a record becomes a few numbers in arrays that the next record uses again.
 */
import { hexDigit, isSimpleEscape, unescapeString, utf8Length } from "./json_text.ts";
import { skipSpace } from "./json_skip.ts";
import { skipContainer, skipFraction, skipInteger, startsWith } from "./json_tokens.ts";
import { hashBytes, KeyTable } from "./key_table.ts";
import type { RecordLayout } from "../table/record_encoder.ts";

/** What a value is. An integer is a number without fraction and exponent, of any length. */
export const JsonKind = { null: 0, false: 1, true: 2, integer: 3, number: 4, string: 5, list: 6, object: 7 } as const;

/** Where a member stands: in the record itself, or in the object with its properties. */
export const JsonScope = { record: 0, properties: 1 } as const;

const QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, BACKSLASH = 0x5c, SPACE = 0x20, SMALL_U = 0x75;
const OPEN_LIST = 0x5b, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const MINUS = 0x2d, POINT = 0x2e, ZERO = 0x30, NINE = 0x39, LARGE_E = 0x45, SMALL_E = 0x65;

/** 1 for the bytes that end a run of plain ASCII in a string: the quote, the backslash, controls, all beyond ASCII. */
const ENDS_RUN = new Uint8Array(256).map((_, byte) =>
  byte < SPACE || byte >= 0x80 || byte === QUOTE || byte === BACKSLASH ? 1 : 0
);

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const TRUE = bytesOf("true"), FALSE = bytesOf("false"), NULL = bytesOf("null");
/** The byte order mark, which text decoders pass over. */
const MARK = bytesOf("\ufeff");

const PROPERTIES_KEY = { event: "properties", profile: "$properties", flat: undefined };

/**
 * The members of one record after another: those of the record and, in their midst, those of its `properties`
 * (`$properties` of a profile), whose own key is not among them when it holds an object.
 *
 * The arrays hold `count` members in the order of the text, a key twice if it is there twice: as for `JSON.parse`, the
 * last one counts. Of two objects of properties only the last is here. Positions are those in the bytes given to
 * `scan`. Read the arrays from the object after each scan, because they are replaced when a record has more members
 * than they can hold.
 *
 * ```ts
 * const spans = new JsonSpans("event");
 * const time = spans.keys.numberOf(JsonScope.properties, "time");
 * if (!spans.scan(bytes, start, end)) throw new Error("not a JSON object");
 * for (let index = 0; index < spans.count; index++) {
 *   if (spans.key[index] === time) use(bytes.subarray(spans.valueStart[index], spans.valueEnd[index]));
 * }
 * ```
 */
export class JsonSpans {
  /** All keys that were seen, by their names without escapes, and by where they stand (`JsonScope`). */
  readonly keys = new KeyTable();
  count = 0;
  /** The number of the key in `keys`; two members have the same one when their keys are equal and in the same object. */
  key = new Int32Array(64);
  /** The key as it is written, without its quotes. */
  keyStart = new Int32Array(64);
  keyEnd = new Int32Array(64);
  /** One of `JsonKind`. */
  kind = new Uint8Array(64);
  /** The text of the value; of a string, what is between the quotes. */
  valueStart = new Int32Array(64);
  valueEnd = new Int32Array(64);
  /** Of a string: 1 when its text is its value as it stands, without escapes and valid UTF-8. */
  valueIsPlain = new Uint8Array(64);
  /** Where the object with the properties begins and ends, its braces included; -1 when the record has none. */
  propertiesStart = -1;
  propertiesEnd = -1;

  /** The number of the key of the properties; -1 in a layout without. */
  readonly #propertiesKey: number;
  /** Whether this record has had that key. */
  #hasPropertiesKey = false;
  /**
   * Which key came after each key the last time, and which came first in each scope; plus 1. Records repeat themselves,
   * so that the next key is mostly known and has only to be compared.
   */
  #next = new Int32Array(64);
  readonly #first = new Int32Array(2);
  /** Whether the string skipped last is plain. */
  #isPlain = true;
  #unescaped = new Uint8Array(256);

  constructor(layout: RecordLayout) {
    const key = PROPERTIES_KEY[layout];
    this.#propertiesKey = key === undefined ? -1 : this.keys.numberOf(JsonScope.record, key);
  }

  /**
   * Takes the record apart that is between `start` and `end`. False when this is not one JSON object; every byte is
   * looked at. White space may be between all tokens. `unescapeString` and `compactJson` read what is not plain.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    this.count = 0;
    this.#hasPropertiesKey = false;
    this.propertiesStart = -1;
    this.propertiesEnd = -1;
    let at = bytes[start] === OPEN_OBJECT
      ? start
      : skipSpace(bytes, startsWith(bytes, start, MARK) ? start + 3 : start);
    if (bytes[at] !== OPEN_OBJECT) return false;
    at = this.#members(bytes, at + 1, JsonScope.record);
    return at >= 0 && (at === end || skipSpace(bytes, at) >= end) && at <= end;
  }

  /** Walks the members of an object whose brace is open: the index after its closing brace, or -1. */
  #members(bytes: Uint8Array, start: number, scope: number): number {
    let at = bytes[start] === QUOTE ? start : skipSpace(bytes, start);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    let previous = -1;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const keyStart = at + 1;
      const expected = ((previous < 0 ? this.#first[scope] : this.#next[previous]) as number) - 1;
      let key = expected;
      at = expected < 0 ? -1 : this.#expect(bytes, keyStart, expected);
      let keyEnd = at - 2;
      if (at < 0) {
        keyEnd = this.#skipKeyText(bytes, keyStart);
        if (keyEnd < 0) return -1;
        key = this.#keyNumber(bytes, keyStart, keyEnd, scope);
        // The bytes of a key with escapes are not those of its name.
        const expectation = this.#isPlain ? key + 1 : 0;
        if (previous < 0) this.#first[scope] = expectation;
        else this.#next[previous] = expectation;
        at = keyEnd + 1;
        if (bytes[at] !== COLON) at = skipSpace(bytes, at);
        if (bytes[at] !== COLON) return -1;
        at++;
      }
      previous = key;
      if ((bytes[at] as number) <= SPACE) at = skipSpace(bytes, at);

      const isProperties = key === this.#propertiesKey;
      if (isProperties && this.#hasPropertiesKey) this.#forgetProperties();
      if (isProperties) this.#hasPropertiesKey = true;
      if (isProperties && bytes[at] === OPEN_OBJECT) {
        this.propertiesStart = at;
        at = this.#members(bytes, at + 1, JsonScope.properties);
        this.propertiesEnd = at;
      } else {
        const index = this.count;
        if (index === this.kind.length) this.#grow();
        this.key[index] = key;
        this.keyStart[index] = keyStart;
        this.keyEnd[index] = keyEnd;
        this.count = index + 1;
        at = this.#value(bytes, at, index);
      }
      if (at < 0) return -1;

      let byte = bytes[at] as number;
      if (byte <= SPACE) byte = bytes[at = skipSpace(bytes, at)] as number;
      at++;
      if (byte === CLOSE_OBJECT) return at;
      if (byte !== COMMA) return -1;
      if (bytes[at] !== QUOTE) at = skipSpace(bytes, at);
    }
  }

  /** The index after the colon when the key that begins here is the one with this number; else -1. */
  #expect(bytes: Uint8Array, start: number, number: number): number {
    const { text } = this.keys;
    const end = this.keys.start[number + 1] as number;
    let at = start;
    for (let from = this.keys.start[number] as number; from < end; from++) if (bytes[at++] !== text[from]) return -1;
    return at;
  }

  /** The index of the quote that ends a key, or -1. */
  #skipKeyText(bytes: Uint8Array, start: number): number {
    this.#isPlain = true;
    return this.#skipString(bytes, start) - 1;
  }

  /** The number of a key that was skipped last. */
  #keyNumber(bytes: Uint8Array, start: number, end: number, scope: number): number {
    const name = this.#isPlain ? bytes.subarray(start, end) : this.#unescape(bytes, start, end);
    const hash = hashBytes(name, 0, name.length);
    let number = this.keys.find(scope, hash, name, 0, name.length);
    if (number < 0) number = this.keys.add(scope, hash, name, 0, name.length);
    if (number >= this.#next.length) this.#next = copied(this.#next, new Int32Array(2 * number));
    return number;
  }

  /** Notes the value that begins at `start`: the index after it, or -1. */
  #value(bytes: Uint8Array, start: number, index: number): number {
    const first = bytes[start] as number;
    if (first === QUOTE) {
      let at = start + 1;
      while (ENDS_RUN[bytes[at] as number] === 0) at++;
      this.#isPlain = true;
      at = bytes[at] === QUOTE ? at + 1 : this.#skipString(bytes, at);
      this.kind[index] = JsonKind.string;
      this.valueStart[index] = start + 1;
      this.valueEnd[index] = at - 1;
      this.valueIsPlain[index] = this.#isPlain ? 1 : 0;
      return at;
    }
    let at: number;
    if (first === MINUS || (first >= ZERO && first <= NINE)) {
      at = skipInteger(bytes, start);
      const next = bytes[at];
      const isInteger = next !== POINT && next !== SMALL_E && next !== LARGE_E;
      this.kind[index] = isInteger ? JsonKind.integer : JsonKind.number;
      if (!isInteger && at >= 0) at = skipFraction(bytes, at);
    } else if (first === OPEN_OBJECT || first === OPEN_LIST) {
      at = skipContainer(bytes, start);
      this.kind[index] = first === OPEN_OBJECT ? JsonKind.object : JsonKind.list;
    } else if (startsWith(bytes, start, TRUE)) {
      at = start + TRUE.length;
      this.kind[index] = JsonKind.true;
    } else if (startsWith(bytes, start, FALSE)) {
      at = start + FALSE.length;
      this.kind[index] = JsonKind.false;
    } else if (startsWith(bytes, start, NULL)) {
      at = start + NULL.length;
      this.kind[index] = JsonKind.null;
    } else {
      return -1;
    }
    this.valueStart[index] = start;
    this.valueEnd[index] = at;
    return at;
  }

  /** The index after the quote that ends a string, or -1. Clears `#isPlain` when the string is not. */
  #skipString(bytes: Uint8Array, start: number): number {
    let at = start;
    for (;;) {
      let byte = bytes[at] as number;
      while (ENDS_RUN[byte] === 0) byte = bytes[++at] as number;
      if (byte === QUOTE) return at + 1;
      if (byte >= 0x80) {
        const length = utf8Length(bytes, at);
        if (length === 0) this.#isPlain = false;
        at += length || 1;
      } else if (byte === BACKSLASH) {
        this.#isPlain = false;
        const escaped = bytes[at + 1] as number;
        at += 2;
        if (escaped === SMALL_U) {
          for (const last = at + 4; at < last; at++) if (hexDigit(bytes[at]) < 0) return -1;
        } else if (!isSimpleEscape(escaped)) {
          return -1;
        }
      } else {
        return -1;
      }
    }
  }

  /** Takes away what an earlier key of the properties had, because the last one counts. */
  #forgetProperties(): void {
    let kept = 0;
    for (let index = 0; index < this.count; index++) {
      const key = this.key[index] as number;
      if (key === this.#propertiesKey || this.keys.scope(key) === JsonScope.properties) continue;
      for (const column of this.#columns()) column[kept] = column[index] as number;
      kept++;
    }
    this.count = kept;
    this.propertiesStart = -1;
    this.propertiesEnd = -1;
  }

  #columns(): (Uint8Array | Int32Array)[] {
    const { key, keyStart, keyEnd, kind, valueStart, valueEnd, valueIsPlain } = this;
    return [key, keyStart, keyEnd, kind, valueStart, valueEnd, valueIsPlain];
  }

  #unescape(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const mostBytes = 3 * (end - start);
    if (this.#unescaped.length < mostBytes) this.#unescaped = new Uint8Array(2 * mostBytes);
    return this.#unescaped.subarray(0, unescapeString(bytes, start, end, this.#unescaped, 0));
  }

  #grow(): void {
    const size = 2 * this.kind.length;
    this.key = copied(this.key, new Int32Array(size));
    this.keyStart = copied(this.keyStart, new Int32Array(size));
    this.keyEnd = copied(this.keyEnd, new Int32Array(size));
    this.kind = copied(this.kind, new Uint8Array(size));
    this.valueStart = copied(this.valueStart, new Int32Array(size));
    this.valueEnd = copied(this.valueEnd, new Int32Array(size));
    this.valueIsPlain = copied(this.valueIsPlain, new Uint8Array(size));
  }
}

function copied<A extends Uint8Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
