/** Where the parts of an event lie in the bytes that it was sent in, so that it is stored without being parsed. */
import { type GrowingBytes, hashOfBytes, viewOf } from "../../analytics/table/bytes.ts";
import type { ByteView } from "../../analytics/table/bytes.ts";
import type { Dictionary } from "../../analytics/table/dictionary.ts";
import { JsonScope, JsonSpans } from "../../streams/json/json_spans.ts";
import { JsonKind } from "../../streams/json/json_spans.ts";

const OPEN_OBJECT = 0x7b, CLOSE_OBJECT = 0x7d, COMMA = 0x2c;

/** Keys that are known by number. */
const MOST_KEYS = 16_384;
/** More lists and objects in each other are left to a real parser. */
const MOST_DEPTH = 100;

/** The members of the event that was scanned last. */
export class EventSpans {
  readonly spans = new JsonSpans("event", { maxKeys: MOST_KEYS, maxDepth: MOST_DEPTH });
  readonly eventKey = this.spans.watch(JsonScope.record, "event");
  readonly timeKey = this.spans.watch(JsonScope.properties, "time");
  readonly tokenKey = this.spans.watch(JsonScope.properties, "token");
  readonly distinctIdKey = this.spans.watch(JsonScope.properties, "distinct_id");
  readonly insertIdKey = this.spans.watch(JsonScope.properties, "$insert_id");
  #view: ByteView = viewOf(new Uint8Array(0));

  /** Takes the event apart that begins at `start`: the index after it, or -1. */
  scan(bytes: Uint8Array, start: number): number {
    if (this.#view.bytes !== bytes) this.#view = viewOf(bytes);
    this.spans.scanner.isPlain = true;
    return this.spans.scanAt(bytes, start);
  }

  get view(): ByteView {
    return this.#view;
  }

  /** The index of a watched member, or -1. */
  find(key: number): number {
    return this.spans.last[key] as number;
  }

  /** A member that is a text without escapes. */
  textOf(key: number, decoder: TextDecoder): string | undefined {
    const index = this.find(key);
    const { kind, valueIsPlain, valueStart, valueEnd } = this.spans;
    if (index < 0 || kind[index] !== JsonKind.string || valueIsPlain[index] === 0) return undefined;
    return decoder.decode(this.#view.bytes.subarray(valueStart[index], valueEnd[index]));
  }

  name(names: Dictionary): number {
    return this.#code(names, this.find(this.eventKey));
  }

  person(people: Dictionary): number {
    return this.#code(people, this.find(this.distinctIdKey));
  }

  /** What the person's code would have as its hash. */
  personHash(): number {
    const index = this.find(this.distinctIdKey);
    const { valueStart, valueEnd } = this.spans;
    return hashOfBytes(this.#view, (valueStart[index] as number) - 1, (valueEnd[index] as number) + 1);
  }

  /** Of a text, whose quotes belong to it. */
  #code(dictionary: Dictionary, index: number): number {
    const { valueStart, valueEnd } = this.spans;
    return dictionary.code(this.#view, (valueStart[index] as number) - 1, (valueEnd[index] as number) + 1);
  }

  /** The hash of the `$insert_id`, which is a text; undefined when there is none. Another one for each seed. */
  insertIdHash(seed?: number): number | undefined {
    const index = this.find(this.insertIdKey);
    if (index < 0) return undefined;
    return hashOfBytes(this.#view, this.spans.valueStart[index] as number, this.spans.valueEnd[index] as number, seed);
  }

  /** Appends the properties as they are stored: the text between those that are left out is copied as it is. */
  appendText(text: GrowingBytes): void {
    const { firstProperty, endProperty } = this.spans;
    const time = this.find(this.timeKey), token = this.find(this.tokenKey);
    const first = Math.min(time < 0 ? endProperty : time, token < 0 ? endProperty : token);
    const second = Math.max(time < 0 ? first : time, token < 0 ? first : token);
    const begin = text.length;
    text.appendByte(OPEN_OBJECT);
    this.#appendRun(text, begin, firstProperty, first);
    this.#appendRun(text, begin, first + 1, second);
    this.#appendRun(text, begin, second + 1, endProperty);
    text.appendByte(CLOSE_OBJECT);
  }

  #appendRun(text: GrowingBytes, begin: number, first: number, end: number): void {
    if (first >= end) return;
    if (text.length > begin + 1) text.appendByte(COMMA);
    const { keyStart, valueEnd, kind } = this.spans;
    const last = end - 1;
    const quote = kind[last] === JsonKind.string ? 1 : 0;
    text.append(this.#view, (keyStart[first] as number) - 1, (valueEnd[last] as number) + quote);
  }
}

/** Adds members to the object that a text ends with. */
export function appendMembers(text: GrowingBytes, members: Uint8Array): void {
  text.length--;
  if (text.bytes[text.length - 1] !== OPEN_OBJECT) text.appendByte(COMMA);
  text.appendBytes(members);
  text.appendByte(CLOSE_OBJECT);
}
