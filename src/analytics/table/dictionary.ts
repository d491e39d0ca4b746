/** Numbers for values that come again and again, found by the bytes of their JSON text. */
import { parseJson } from "../../streams/json/json.ts";
import { areSameBytes, type ByteView, GrowingBytes, hashOfBytes, viewOf, withRoom } from "./bytes.ts";

const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
const encoder = new TextEncoder();

/** As long as there are so few values, most are found by a few of their bytes. */
const FEW = 256;

/** For one call of `codes` at a time: making large arrays takes longer than filling them. */
const room = { hashes: new Int32Array(0), found: new Int32Array(0), places: new Uint32Array(0) };

function makeRoom(count: number): void {
  if (count <= room.hashes.length) return;
  room.hashes = new Int32Array(count);
  room.found = new Int32Array(count);
  room.places = new Uint32Array(2 * count);
}

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
  /**
   * Pairs of a hash and a code plus 1, which is 0 where there is none: beside each other, because memory is slow. A power
   * of two, at least four times as many as there are codes.
   */
  #slots = new Int32Array(64);
  readonly #values: unknown[] = [];
  /** Of few values: the code plus 1 of the one that was found last, by some of the bytes. */
  readonly #lately = new Uint16Array(FEW);

  constructor(firstText: string) {
    const first = viewOf(encoder.encode(firstText));
    this.code(first, 0, first.bytes.length);
  }

  /** The code of a value that is given as JSON text; it is added when it is new. */
  code(from: ByteView, start: number, end: number): number {
    if (this.count > FEW || end - start < 4) return this.#code(from, start, end);
    const some = from.view.getInt32(end - 4, true) ^ Math.imul(end - start, 0x85ebca6b);
    const place = Math.imul(some, 0x9e3779b1) >>> 24;
    const lately = (this.#lately[place] as number) - 1;
    if (lately >= 0 && this.is(lately, from, start, end)) return lately;
    const code = this.#code(from, start, end);
    this.#lately[place] = code + 1;
    return code;
  }

  /**
   * The codes of many values; those that are new are added.
   *
   * @param starts where the texts begin, and `ends` where they end
   * @param into takes the code of the first text at the first of the `targets`, and so on
   */
  codes(
    from: ByteView,
    { count, starts, ends, targets }: { count: number; starts: Uint32Array; ends: Uint32Array; targets: Uint32Array },
    into: Uint32Array,
  ): void {
    if (this.count <= FEW) {
      for (let at = 0; at < count; at++) into[targets[at]!] = this.code(from, starts[at]!, ends[at]!);
      return;
    }
    // Step by step for all of them: memory is slow, and looks at it do not wait for each other as long as nothing else does.
    makeRoom(count);
    const { hashes, found, places } = room;
    for (let at = 0; at < count; at++) hashes[at] = hashOfBytes(from, starts[at]!, ends[at]!);
    this.#findFirst(count);
    this.#placeFound(count);
    for (let at = 0; at < count; at++) {
      const start = starts[at]!, length = ends[at]! - start;
      const isSame = found[at]! >= 0 && places[2 * at + 1]! - places[2 * at]! === length &&
        areSameBytes(this.#text, places[2 * at]!, from, start, length);
      into[targets[at]!] = isSame ? found[at]! : this.#code(from, start, start + length);
    }
  }

  /** Finds the codes of the first entries that the hashes in the room lead to, or -1 where there is none of the same hash. */
  #findFirst(count: number): void {
    const { hashes, found } = room;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = 0; at < count; at++) {
      const slot = (hashes[at]! << 1) & mask;
      found[at] = slots[slot] === hashes[at] ? slots[slot + 1]! - 1 : -1;
    }
  }

  /** Finds where the texts of the codes in the room begin and end. */
  #placeFound(count: number): void {
    const { found, places } = room;
    const ends = this.#ends;
    for (let at = 0; at < count; at++) {
      const code = found[at]!;
      if (code < 0) continue;
      places[2 * at] = code === 0 ? 0 : ends[code - 1]!;
      places[2 * at + 1] = ends[code]!;
    }
  }

  #code(from: ByteView, start: number, end: number): number {
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
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = (hash << 1) & mask;; slot = (slot + 2) & mask) {
      const code = (slots[slot + 1] as number) - 1;
      if (code < 0) return -1;
      if (slots[slot] === hash && this.is(code, from, start, end)) return code;
    }
  }

  #add(hash: number, from: ByteView, start: number, end: number): number {
    const code = this.count++;
    this.#text.append(from, start, end);
    this.#ends = withRoom(this.#ends, this.count);
    this.#hashes = withRoom(this.#hashes, this.count);
    this.#ends[code] = this.#text.length;
    this.#hashes[code] = hash;
    if (4 * this.count > this.#slots.length) this.#spread();
    else this.#place(code);
    return code;
  }

  #place(code: number): void {
    const slots = this.#slots;
    const mask = slots.length - 1;
    const hash = this.#hashes[code] as number;
    let slot = (hash << 1) & mask;
    while (slots[slot + 1] !== 0) slot = (slot + 2) & mask;
    slots[slot] = hash;
    slots[slot + 1] = code + 1;
  }

  #spread(): void {
    this.#slots = new Int32Array(2 * this.#slots.length);
    for (let code = 0; code < this.count; code++) this.#place(code);
  }
}
