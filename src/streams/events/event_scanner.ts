/**
 * Looks through one event as it is written, without parsing it: is it whole, valid JSON in valid UTF-8, and where are the
 * values that the rules for events are about? An import that changes nothing needs no more than this, and sends the bytes
 * as they came: about ten times as fast as `JSON.parse`, a check of the values, and printing.
 *
 * "No" says only that the usual form was not found. Such a line is parsed, and what is wrong with it said then.
 */
import { beyondDouble, isShortInteger, numberAt } from "../json/json_numbers.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

const decoder = new TextDecoder();
const FIRST_BEYOND_ASCII = 0x80, ZERO = 0x30;

/** Deeper values than this are left to the parser. */
const MAX_DEPTH = 32;

/** What was found of a value that the rules are about. */
export class FoundText {
  /** Index of the first character; -1 when there is no such string of plain ASCII without escapes. */
  start = -1;
  /** Index after the last character. */
  end = -1;
}

/** A property that is a number which says more than any double. */
export interface LongProperty {
  name: string;
  /** As it is written. */
  text: string;
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
  /** Members of the event that are neither its name nor its properties. */
  others = 0;
  /** Most elements of any list or object within `properties`. */
  widest = 0;
  /** Most objects inside each other below `properties`; lists between them don't count. */
  deepest = 0;

  /** The members of the line that was scanned last. */
  readonly spans = new JsonSpans("event", { maxDepth: MAX_DEPTH });
  readonly #longNumbers: number[] = [];
  readonly #event = this.spans.watch(JsonScope.record, "event");
  readonly #time = this.spans.watch(JsonScope.properties, "time");
  readonly #distinctId = this.spans.watch(JsonScope.properties, "distinct_id");
  readonly #insertId = this.spans.watch(JsonScope.properties, "$insert_id");

  constructor() {
    this.spans.scanner.longNumbers = this.#longNumbers;
  }

  /** Whether the line has numbers of so many digits that one of them may say more than any double. */
  get hasLongNumbers(): boolean {
    return this.#longNumbers.length > 0;
  }

  /**
   * The properties that are numbers which say more than any double; undefined when one lies deeper, in a list or an object,
   * or comes twice.
   */
  beyondDoubles(): LongProperty[] | undefined {
    const { key, keys, kind, scanner: { bytes }, valueStart, valueEnd, firstProperty, endProperty } = this.spans;
    const places = this.#longNumbers;
    const found: LongProperty[] = [];
    for (let at = beyondDouble(bytes, places); at >= 0; at = beyondDouble(bytes, places, at + 2)) {
      const index = valueStart.subarray(firstProperty, endProperty).indexOf(places[at] as number) + firstProperty;
      if (index < firstProperty || (kind[index] !== JsonKind.integer && kind[index] !== JsonKind.number)) {
        return undefined;
      }
      const number = key[index] as number;
      if (number < 0 || key.indexOf(number, firstProperty) !== index) return undefined;
      const text = decoder.decode(bytes.subarray(valueStart[index], valueEnd[index]));
      found.push({ name: keys.name(number), text });
    }
    return found;
  }

  /**
   * Whether the line is a JSON object with an `event` and `properties`. Of a key that is there twice the last counts.
   *
   * @param bytes the line is in it from `start` to `end`; what is found are places in these bytes
   */
  scan(bytes: Uint8Array, start = 0, end: number = bytes.length): boolean {
    const spans = this.spans;
    const { scanner, last } = spans;
    if (this.#longNumbers.length > 0) this.#longNumbers.length = 0;
    if (!spans.scan(bytes, start, end) || !scanner.isUtf8 || spans.propertiesStart < 0) return false;
    const event = last[this.#event] as number;
    if (event < 0 || spans.kind[event] !== JsonKind.string) return false;
    this.start = spans.start;
    this.end = spans.end;
    this.event.start = spans.valueStart[event] as number;
    this.event.end = spans.valueEnd[event] as number;
    this.time = this.#shortInteger(bytes, last[this.#time] as number);
    this.#takeText(bytes, last[this.#distinctId] as number, this.distinctId);
    this.#takeText(bytes, last[this.#insertId] as number, this.insertId);
    this.properties = spans.endProperty - spans.firstProperty;
    this.others = spans.count - this.properties - 1;
    this.widest = scanner.widest;
    this.deepest = scanner.deepest;
    return true;
  }

  #shortInteger(bytes: Uint8Array, index: number): number {
    const { kind, valueStart, valueEnd } = this.spans;
    if (index < 0 || kind[index] !== JsonKind.integer) return NaN;
    const start = valueStart[index] as number, end = valueEnd[index] as number;
    return isShortInteger(start, end) && (bytes[start] as number) >= ZERO ? numberAt(bytes, start, end) : NaN;
  }

  #takeText(bytes: Uint8Array, index: number, found: FoundText): void {
    const { kind, scanner, valueIsPlain, valueStart, valueEnd } = this.spans;
    found.start = -1;
    if (index < 0 || kind[index] !== JsonKind.string || valueIsPlain[index] === 0) return;
    const start = valueStart[index] as number, end = valueEnd[index] as number;
    if (!scanner.isAscii) {
      for (let at = start; at < end; at++) if ((bytes[at] as number) >= FIRST_BEYOND_ASCII) return;
    }
    found.start = start;
    found.end = end;
  }
}
