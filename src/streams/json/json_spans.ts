/**
 * Finds the keys and values of a JSON record in its bytes, without making objects of them.
 *
 * `JSON.parse` and then printing again costs most of the time of a conversion, rounds long integers, and leaves a heap
 * to collect. Here a record becomes a few numbers in arrays that the next record uses again.
 */
import { EXACT_DIGITS } from "./json_numbers.ts";
import { JsonScanner } from "./json_scanner.ts";
import { type Replacements, unescapeString } from "./json_text.ts";
import { copied, hashBytes, KeyTable } from "./key_table.ts";
import type { RecordLayout } from "../table/record_layout.ts";

/** What a value is. An integer is a number without fraction and exponent, of any length. */
export const JsonKind = { null: 0, false: 1, true: 2, integer: 3, number: 4, string: 5, list: 6, object: 7 } as const;

/** Where a member stands: in the record itself, or in the object with its properties. */
export const JsonScope = { record: 0, properties: 1 } as const;

const LINE_FEED = 10, QUOTE = 0x22, COMMA = 0x2c, COLON = 0x3a, SPACE = 0x20;
const OPEN_LIST = 0x5b, OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d;
const NINE = 0x39, SMALL_T = 0x74, SMALL_F = 0x66;

/** How many keys are remembered that came after a key, or first: more than one, because some are in some records only. */
const LIKELY_KEYS = 4;

const MOST_WATCHED = 8;

/** Not even a key beyond those that are remembered. */
const NO_KEY = -2;

export interface SpanOptions {
  /**
   * Keys that are remembered beside those that are asked for. Later ones have the number -1, so that memory does not grow
   * with the data. Default 4096.
   */
  maxKeys?: number;
  /** Lists and objects in each other, in a value. Default: any number. */
  maxDepth?: number;
  /** Counted in, where others count too. */
  replaced?: Replacements;
}

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
 * const time = spans.watch(JsonScope.properties, "time");
 * if (!spans.scan(bytes, start, end)) throw new Error("not a JSON object");
 * const index = spans.last[time];
 * if (index >= 0) use(bytes.subarray(spans.valueStart[index], spans.valueEnd[index]));
 * ```
 */
export class JsonSpans {
  /** All keys that were seen, by their names without escapes, and by where they stand (`JsonScope`). */
  readonly keys = new KeyTable();
  count = 0;
  /** Where the object begins and ends, without the white space around it. */
  start = 0;
  end = 0;
  /** The number of the key in `keys`, or -1; two members have the same one when their keys are equal and in the same object. */
  key = new Int32Array(64);
  /** Where the key begins, after its quote. */
  keyStart = new Int32Array(64);
  /** One of `JsonKind`. */
  kind = new Uint8Array(64);
  /** The text of the value; of a string, what is between the quotes. */
  valueStart = new Int32Array(64);
  valueEnd = new Int32Array(64);
  /**
   * Of a string: 1 when its text is its value as it stands, without escapes and valid UTF-8. Of a number: 1 when it has no
   * exponent and so few characters that a double holds it.
   */
  valueIsPlain = new Uint8Array(64);
  /** Where the object with the properties begins and ends, its braces included; -1 when the record has none. */
  propertiesStart = -1;
  propertiesEnd = -1;
  /** Whether there is a line break or a tab between the tokens of that object. */
  propertiesHaveBreaks = false;

  /** Whether all keys are written as their names are, without escapes. */
  keysArePlain = true;

  /** In `properties`, which are from the first index up to the second one. */
  firstProperty = 0;
  endProperty = 0;

  /** By the numbers of keys that are watched: the index of the last member, or -1. */
  readonly last = new Int32Array(MOST_WATCHED);

  /** Walks the bytes, and has noted what it saw in all of the record. */
  readonly scanner: JsonScanner;
  readonly #maxKeys: number;
  /** The largest number of a key that is watched. */
  #watched = -1;
  /** The number of the key of the properties; that of no key in a layout without. */
  readonly #propertiesKey: number;
  /** Whether this record has had that key. */
  #hasPropertiesKey = false;
  /**
   * The keys that mostly come first in each scope, and then those that come after each key; plus 1. Records repeat
   * themselves, so that the next key has mostly to be compared with one of these.
   */
  #likely = new Int32Array(64 * LIKELY_KEYS);
  /** Of keys, and of what is written by these spans. */
  readonly replaced: Replacements;
  #unescaped = new Uint8Array(256);

  constructor(layout: RecordLayout, { maxKeys = 4096, maxDepth, replaced }: SpanOptions = {}) {
    this.replaced = replaced ?? { texts: 0 };
    this.scanner = new JsonScanner({ maxDepth, checksUtf8: true });
    this.#maxKeys = maxKeys;
    const key = PROPERTIES_KEY[layout];
    this.#propertiesKey = key === undefined ? NO_KEY : this.keys.numberOf(JsonScope.record, key);
  }

  /** The number of a key, whose member is in `last` from now on. To be called before other keys get numbers. */
  watch(scope: number, name: string): number {
    const number = this.keys.numberOf(scope, name);
    if (number >= MOST_WATCHED) throw new RangeError(`Cannot watch more than ${MOST_WATCHED - 1} keys`);
    this.#watched = Math.max(this.#watched, number);
    return number;
  }

  /**
   * Takes the record apart that is between `start` and `end`. False when this is not one JSON object; every byte is
   * looked at. White space may be between all tokens. `unescapeString` and `compactJson` read what is not plain.
   */
  scan(bytes: Uint8Array, start: number, end: number): boolean {
    const at = this.scanAt(bytes, start);
    return at >= 0 && (at === end || this.scanner.skipSpace(at) >= end) && at <= end;
  }

  /**
   * Takes the record apart that begins at `start` and ends with its line, as `scan` does: where the line ends, or -1. To look for
   * the line feed first would take as long as some members do.
   */
  scanLine(bytes: Uint8Array, start: number): number {
    const { scanner, replaced } = this;
    const textsBefore = replaced.texts;
    scanner.hasBreaks = false;
    const at = this.scanAt(bytes, start);
    if (at >= 0 && bytes[at] === LINE_FEED && !scanner.hasBreaks) return at;
    replaced.texts = textsBefore;
    const feed = bytes.indexOf(LINE_FEED, start);
    const end = feed < 0 ? bytes.length : feed;
    return this.scan(bytes, start, end) ? end : -1;
  }

  /** Takes the record apart that begins at `start`: the index after it, or -1. */
  scanAt(bytes: Uint8Array, start: number): number {
    const { scanner } = this;
    scanner.use(bytes);
    scanner.isUtf8 = scanner.isAscii = true;
    scanner.widest = scanner.deepest = 0;
    this.count = this.firstProperty = this.endProperty = 0;
    for (let number = 0; number <= this.#watched; number++) this.last[number] = -1;
    this.#hasPropertiesKey = false;
    this.keysArePlain = true;
    this.propertiesStart = this.propertiesEnd = -1;
    let at = bytes[start] === OPEN_OBJECT ? start : scanner.skipSpace(this.#skipMark(start));
    if (bytes[at] !== OPEN_OBJECT) return -1;
    this.start = at;
    at = this.#members(bytes, at + 1);
    this.end = at;
    return at;
  }

  /** Of the bytes that were given to `scan`. */
  get view(): DataView {
    return this.scanner.view;
  }

  /** Skips a byte order mark, as text decoders do. */
  #skipMark(start: number): number {
    const { bytes } = this.scanner;
    return bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf ? start + 3 : start;
  }

  /** Walks the members of the record, whose brace is open, and those of its properties: the index after it, or -1. */
  #members(bytes: Uint8Array, start: number): number {
    const { scanner, last } = this;
    let { key: keys, keyStart: keyStarts, kind: kinds, valueStart: starts, valueEnd: ends, valueIsPlain: arePlain } =
      this;
    const { view, lastWord } = scanner;
    const watched = this.#watched;
    let likely = this.#likely, names = this.keys.start;
    let count = 0;
    let scope: number = JsonScope.record;
    let at = bytes[start] === QUOTE ? start : scanner.skipSpace(start);
    if (bytes[at] === CLOSE_OBJECT) return at + 1;
    let row = scope;
    let brokeBefore = false;
    for (;;) {
      if (bytes[at] !== QUOTE) return -1;
      const keyStart = at + 1;
      let key = (likely[row * LIKELY_KEYS] as number) - 1;
      if (key >= 0) {
        const from = names[key] as number;
        const length = (names[key + 1] as number) - from;
        at = keyStart + length;
        if (!this.#isKey(view, lastWord, keyStart, from, length)) {
          key = this.#likelyKey(keyStart, row);
          if (key >= 0) at = keyStart + (names[key + 1] as number) - (names[key] as number);
        }
      }
      if (key >= 0) {
        row = key + 2;
      } else {
        scanner.isPlain = true;
        at = scanner.skipString(keyStart);
        if (at < 0) return -1;
        key = this.#keyNumber(bytes, keyStart, at - 1, scope, row);
        likely = this.#likely;
        names = this.keys.start;
        row = key < 0 ? scope : key + 2;
        if (bytes[at] !== COLON) at = scanner.skipSpace(at);
        if (bytes[at++] !== COLON) return -1;
      }
      if ((bytes[at] as number) <= SPACE) at = scanner.skipSpace(at);

      const first = bytes[at] as number;
      if (key === this.#propertiesKey) {
        if (this.#hasPropertiesKey) count = this.#forgetProperties(count);
        this.#hasPropertiesKey = true;
      }
      if (key === this.#propertiesKey && first === OPEN_OBJECT) {
        this.propertiesStart = at;
        this.firstProperty = count;
        brokeBefore ||= scanner.hasBreaks;
        scanner.hasBreaks = false;
        at = bytes[at + 1] === QUOTE ? at + 1 : scanner.skipSpace(at + 1);
        scope = JsonScope.properties;
        if (bytes[at] !== CLOSE_OBJECT) {
          row = scope;
          continue;
        }
      } else {
        if (count === kinds.length) {
          this.#grow();
          ({ key: keys, keyStart: keyStarts, kind: kinds, valueStart: starts, valueEnd: ends, valueIsPlain: arePlain } =
            this);
        }
        if (key <= watched && key >= 0) last[key] = count;
        keys[count] = key;
        keyStarts[count] = keyStart;
        if (first === QUOTE) {
          scanner.isPlain = true;
          starts[count] = at + 1;
          at = scanner.skipString(at + 1);
          ends[count] = at - 1;
          arePlain[count] = scanner.isPlain ? 1 : 0;
          kinds[count] = JsonKind.string;
        } else {
          starts[count] = at;
          if (first <= NINE) {
            at = scanner.skipNumber(at);
            kinds[count] = scanner.isInteger ? JsonKind.integer : JsonKind.number;
            arePlain[count] = at - (starts[count] as number) <= EXACT_DIGITS && !scanner.hasExponent ? 1 : 0;
          } else if (first === OPEN_OBJECT || first === OPEN_LIST) {
            at = scanner.skipContainer(at);
            kinds[count] = first === OPEN_OBJECT ? JsonKind.object : JsonKind.list;
          } else {
            at = scanner.skipWord(at);
            kinds[count] = first === SMALL_T ? JsonKind.true : first === SMALL_F ? JsonKind.false : JsonKind.null;
          }
          ends[count] = at;
        }
        count++;
      }
      if (at < 0) return -1;

      for (;;) {
        let byte = bytes[at] as number;
        if (byte <= SPACE) byte = bytes[at = scanner.skipSpace(at)] as number;
        at++;
        if (byte === COMMA) break;
        if (byte !== CLOSE_OBJECT) return -1;
        this.count = count;
        if (scope === JsonScope.record) return at;
        this.endProperty = count;
        this.propertiesEnd = at;
        this.propertiesHaveBreaks = scanner.hasBreaks;
        scanner.hasBreaks ||= brokeBefore;
        scope = JsonScope.record;
        row = this.#propertiesKey + 2;
      }
      if (bytes[at] !== QUOTE) at = scanner.skipSpace(at);
    }
  }

  /** The number of the key that begins here when it is one of those in the row but the first; else -1. */
  #likelyKey(start: number, row: number): number {
    const { view, lastWord } = this.scanner;
    const likely = this.#likely;
    const first = row * LIKELY_KEYS;
    for (let place = first + 1; place < first + LIKELY_KEYS; place++) {
      const number = (likely[place] as number) - 1;
      if (number < 0) return -1;
      const from = this.keys.start[number] as number;
      const length = (this.keys.start[number + 1] as number) - from;
      if (!this.#isKey(view, lastWord, start, from, length)) continue;
      // What comes more often moves to the front.
      likely[place] = likely[place - 1] as number;
      likely[place - 1] = number + 1;
      return number;
    }
    return -1;
  }

  /** Whether the bytes from here on are this key, a quote and a colon. */
  #isKey(view: DataView, lastWord: number, start: number, from: number, length: number): boolean {
    const text = this.keys.view;
    const last = length - 4;
    if (last < 0 || start + last > lastWord) return this.#isShortKey(start, from, from + length);
    for (let at = 0; at < last; at += 4) {
      if (view.getInt32(start + at, true) !== text.getInt32(from + at, true)) return false;
    }
    return view.getInt32(start + last, true) === text.getInt32(from + last, true);
  }

  #isShortKey(start: number, from: number, to: number): boolean {
    const { bytes } = this.scanner;
    const { text } = this.keys;
    for (let at = from; at < to; at++) if (bytes[start + at - from] !== text[at]) return false;
    return true;
  }

  /** The number of a key that was skipped last. It becomes the likeliest one of its row. */
  #keyNumber(bytes: Uint8Array, start: number, end: number, scope: number, row: number): number {
    const { isPlain } = this.scanner;
    const name = isPlain ? bytes.subarray(start, end) : this.#unescape(bytes, start, end);
    const hash = hashBytes(name, 0, name.length);
    let number = this.keys.find(scope, hash, name, 0, name.length);
    if (number < 0 && this.keys.count >= this.#maxKeys) {
      this.keysArePlain = this.keysArePlain && isPlain;
      return -1;
    }
    if (number < 0) number = this.keys.add(scope, hash, name, 0, name.length);
    const rows = (number + 3) * LIKELY_KEYS;
    if (rows > this.#likely.length) this.#likely = copied(this.#likely, new Int32Array(2 * rows));
    // The bytes of a key with escapes are not those of its name.
    if (!isPlain) {
      this.keysArePlain = false;
      return number;
    }
    const first = row * LIKELY_KEYS;
    this.#likely.copyWithin(first + 1, first, first + LIKELY_KEYS - 1);
    this.#likely[first] = number + 1;
    return number;
  }

  /** Takes away what an earlier key of the properties had, because the last one counts. How many of `count` are left. */
  #forgetProperties(count: number): number {
    this.last.fill(-1);
    let kept = 0;
    for (let index = 0; index < count; index++) {
      const isProperty = index >= this.firstProperty && index < this.endProperty;
      if (isProperty || this.key[index] === this.#propertiesKey) continue;
      for (const column of this.#columns()) column[kept] = column[index] as number;
      const key = this.key[kept] as number;
      if (key <= this.#watched && key >= 0) this.last[key] = kept;
      kept++;
    }
    this.firstProperty = this.endProperty = 0;
    this.propertiesStart = this.propertiesEnd = -1;
    return kept;
  }

  #columns(): (Uint8Array | Int32Array)[] {
    const { key, keyStart, kind, valueStart, valueEnd, valueIsPlain } = this;
    return [key, keyStart, kind, valueStart, valueEnd, valueIsPlain];
  }

  #unescape(bytes: Uint8Array, start: number, end: number): Uint8Array {
    const mostBytes = 3 * (end - start);
    if (this.#unescaped.length < mostBytes) this.#unescaped = new Uint8Array(2 * mostBytes);
    return this.#unescaped.subarray(0, unescapeString(bytes, start, end, this.#unescaped, 0, this.replaced));
  }

  #grow(): void {
    const size = 2 * this.kind.length;
    this.key = copied(this.key, new Int32Array(size));
    this.keyStart = copied(this.keyStart, new Int32Array(size));
    this.kind = copied(this.kind, new Uint8Array(size));
    this.valueStart = copied(this.valueStart, new Int32Array(size));
    this.valueEnd = copied(this.valueEnd, new Int32Array(size));
    this.valueIsPlain = copied(this.valueIsPlain, new Uint8Array(size));
  }
}
