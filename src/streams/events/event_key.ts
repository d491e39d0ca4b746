/** The identity of an event, by which Mixpanel itself tells copies: its name, who did it, when, and its `$insert_id`. */
import { compactJson, unescapeString } from "../json/json_text.ts";
import { JsonKind, JsonScope, JsonSpans } from "../json/json_spans.ts";

const QUOTE = 0x22;
/** Bytes of a block of the hash. */
const BLOCK_BYTES = 16;

/**
 * Reads an event's four keys and hashes them to 128 bits. A value is taken as it is in JSON: the text `"1"` is not the
 * number `1`; how characters are escaped makes no difference.
 */
export class EventKeys {
  /** The hash of the event that was read last. Never all zeros. */
  readonly hash = new Int32Array(4);

  readonly #spans = new JsonSpans("event");
  readonly #keys: readonly number[];
  #text = new Uint8Array(1024);
  #words = new Int32Array(this.#text.buffer);

  constructor() {
    this.#keys = [
      this.#spans.watch(JsonScope.properties, "$insert_id"),
      this.#spans.watch(JsonScope.record, "event"),
      this.#spans.watch(JsonScope.properties, "distinct_id"),
      this.#spans.watch(JsonScope.properties, "time"),
    ];
  }

  /** False when the line is no event, or has no `$insert_id`: then it is a copy of nothing. */
  read(bytes: Uint8Array, start: number, end: number): boolean {
    const spans = this.#spans;
    if (!spans.scan(bytes, start, end)) return false;
    const insertId = spans.last[this.#keys[0] as number] as number;
    if (insertId < 0 || spans.kind[insertId] === JsonKind.null) return false;
    // Unescaping makes a text at most three times as long; each value has a byte for its kind and four for its length.
    this.#makeRoom(3 * (end - start) + 64);
    let length = 0;
    for (const key of this.#keys) length = this.#append(bytes, spans.last[key] as number, length);
    this.#hash(length);
    return true;
  }

  #append(bytes: Uint8Array, index: number, to: number): number {
    const text = this.#text;
    if (index < 0) {
      text[to] = 0;
      return to + 1;
    }
    const { valueStart, valueEnd, valueIsPlain, kind } = this.#spans;
    const start = valueStart[index] as number, end = valueEnd[index] as number;
    const begin = to + 5;
    let write = begin;
    if (kind[index] === JsonKind.string && valueIsPlain[index] === 0) {
      write = unescapeString(bytes, start, end, text, begin);
    } else if (kind[index] === JsonKind.list || kind[index] === JsonKind.object) {
      write = compactJson(bytes, start, end, text, begin);
    } else {
      for (let at = start; at < end; at++) text[write++] = bytes[at] as number;
    }
    const bytesWritten = write - begin;
    text[to] = kind[index] === JsonKind.string ? QUOTE : 1;
    for (let byte = 0; byte < 4; byte++) text[to + 1 + byte] = bytesWritten >>> (8 * byte);
    return write;
  }

  #makeRoom(bytes: number): void {
    if (this.#text.length >= bytes) return;
    this.#text = new Uint8Array(Math.ceil((2 * bytes) / BLOCK_BYTES) * BLOCK_BYTES);
    this.#words = new Int32Array(this.#text.buffer);
  }

  /** MurmurHash3 in its form with 128 bits for 32-bit machines (public domain), the text filled up with zeros. */
  #hash(length: number): void {
    const words = this.#words;
    const wordCount = Math.ceil(length / BLOCK_BYTES) * 4;
    this.#text.fill(0, length, wordCount * 4);
    let h1 = 0, h2 = 0, h3 = 0, h4 = 0;
    for (let at = 0; at < wordCount; at += 4) {
      h1 ^= Math.imul(rotated(Math.imul(words[at] as number, 0x239b961b), 15), 0xab0e9789);
      h1 = Math.imul(rotated(h1, 19) + h2, 5) + 0x561ccd1b | 0;
      h2 ^= Math.imul(rotated(Math.imul(words[at + 1] as number, 0xab0e9789), 16), 0x38b34ae5);
      h2 = Math.imul(rotated(h2, 17) + h3, 5) + 0x0bcaa747 | 0;
      h3 ^= Math.imul(rotated(Math.imul(words[at + 2] as number, 0x38b34ae5), 17), 0xa1e38b93);
      h3 = Math.imul(rotated(h3, 15) + h4, 5) + 0x96cd1c35 | 0;
      h4 ^= Math.imul(rotated(Math.imul(words[at + 3] as number, 0xa1e38b93), 18), 0x239b961b);
      h4 = Math.imul(rotated(h4, 13) + h1, 5) + 0x32ac3b17 | 0;
    }
    h1 ^= length;
    h2 ^= length;
    h3 ^= length;
    h4 ^= length;
    h1 = h1 + h2 + h3 + h4 | 0;
    h2 = h2 + h1 | 0;
    h3 = h3 + h1 | 0;
    h4 = h4 + h1 | 0;
    h1 = mixed(h1);
    h2 = mixed(h2);
    h3 = mixed(h3);
    h4 = mixed(h4);
    h1 = h1 + h2 + h3 + h4 | 0;
    const { hash } = this;
    // Zeros stand for an empty place in a table.
    hash[0] = h1 === 0 ? 1 : h1;
    hash[1] = h2 + h1;
    hash[2] = h3 + h1;
    hash[3] = h4 + h1;
  }
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

function mixed(word: number): number {
  let mix = word;
  mix = Math.imul(mix ^ (mix >>> 16), 0x85ebca6b);
  mix = Math.imul(mix ^ (mix >>> 13), 0xc2b2ae35);
  return mix ^ (mix >>> 16);
}
