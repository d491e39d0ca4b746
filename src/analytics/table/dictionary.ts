/** Numbers for values that come again and again, found by the bytes of their JSON text. */
import { parseJson } from "../../streams/json/json.ts";
import { areSameBytes, type ByteView, GrowingBytes, hashOfBytes, viewOf, withRoom } from "./bytes.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/**
 * Values by their codes, from 0 in the order in which they came. Equal texts have one code, and so have equal numbers;
 * a list or an object has one for each way in which it is written.
 *
 * Code 0 is what is told when it is made: `""` for people, nothing at all for a property.
 */
export class Dictionary {
  /** Codes go from 0 up to it. */
  count = 0;
  readonly #text = new GrowingBytes();
  /** Where each text ends in `#text`. */
  #ends = new Uint32Array(16);
  #hashes = new Int32Array(16);
  /** Codes plus 1; 0 is free. A power of two, at least twice as many as there are codes. */
  #slots = new Int32Array(32);
  readonly #values: unknown[] = [];

  constructor(firstText: string) {
    const first = viewOf(encoder.encode(firstText));
    this.code(first, 0, first.bytes.length);
  }

  /** The code of a value that is given as JSON text; it is added when it is new. */
  code(from: ByteView, start: number, end: number): number {
    const hash = hashOfBytes(from, start, end);
    const found = this.#find(hash, from, start, end);
    return found >= 0 ? found : this.#add(hash, from, start, end);
  }

  /** The code of a text or another value, or -1. */
  find(value: unknown): number {
    const text = viewOf(encoder.encode(JSON.stringify(value)));
    return this.#find(hashOfBytes(text, 0, text.bytes.length), text, 0, text.bytes.length);
  }

  /** Whether a code is that of the value that is given as JSON text. */
  is(code: number, from: ByteView, start: number, end: number): boolean {
    const first = this.start(code);
    return this.end(code) - first === end - start && areSameBytes(this.#text, first, from, start, end - start);
  }

  /** The value of a code, parsed once. What is not there at all has none. */
  value(code: number): unknown {
    // One by one: an array with gaps would be a slow one.
    while (this.#values.length <= code) this.#values.push(undefined);
    let value = this.#values[code];
    if (value === undefined && this.end(code) > this.start(code)) {
      this.#values[code] = value = parseJson(this.json(code));
    }
    return value;
  }

  /** The hash of a code's JSON text, which is the same in each dictionary that has it. */
  hash(code: number): number {
    return this.#hashes[code] as number;
  }

  /** The JSON text of a code. */
  json(code: number): string {
    return decoder.decode(this.#text.bytes.subarray(this.start(code), this.end(code)));
  }

  /** Where the JSON texts lie, one after another. */
  get texts(): ByteView & { readonly length: number } {
    return this.#text;
  }

  start(code: number): number {
    return code === 0 ? 0 : this.#ends[code - 1] as number;
  }

  end(code: number): number {
    return this.#ends[code] as number;
  }

  #find(hash: number, from: ByteView, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const code = (this.#slots[slot] as number) - 1;
      if (code < 0) return -1;
      if (this.#hashes[code] !== hash) continue;
      const first = this.start(code);
      if (this.end(code) - first === end - start && areSameBytes(this.#text, first, from, start, end - start)) {
        return code;
      }
    }
  }

  #add(hash: number, from: ByteView, start: number, end: number): number {
    const code = this.count++;
    this.#text.append(from, start, end);
    this.#ends = withRoom(this.#ends, this.count);
    this.#hashes = withRoom(this.#hashes, this.count);
    this.#ends[code] = this.#text.length;
    this.#hashes[code] = hash;
    if (2 * this.count > this.#slots.length) this.#spread();
    else this.#place(code);
    return code;
  }

  #place(code: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[code] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = code + 1;
  }

  #spread(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let code = 0; code < this.count; code++) this.#place(code);
  }
}
