/** Numbers for the keys of records, found by their bytes. */

const HASH_PRIME = 0x01000193;

/** What the hash of no bytes is: FNV-1a, as a signed integer. */
const HASH_SEED = 0x811c9dc5 | 0;

/** The hash with one more byte. */
function hashByte(hash: number, byte: number): number {
  return Math.imul(hash ^ byte, HASH_PRIME);
}

/** A hash of bytes, of 32 bits. */
export function hashBytes(bytes: Uint8Array, start: number, end: number): number {
  let hash = HASH_SEED;
  for (let at = start; at < end; at++) hash = hashByte(hash, bytes[at] as number);
  return hash;
}

/**
 * A hash table with open addressing. It grows with the different keys, and a key is found without making a string of
 * it. Keys are the same when their scopes and bytes are.
 */
export class KeyTable {
  /** How many keys there are: their numbers go from 0 up to it. */
  count = 0;
  /** The names one after another, each with a quote and a colon behind it, as they stand in compact JSON. */
  text = new Uint8Array(1024);
  view = new DataView(this.text.buffer);
  /** Where each name begins in `text`; one more than there are keys. */
  start = new Int32Array(64);
  #scopes = new Uint8Array(64);
  #hashes = new Int32Array(64);
  /** Numbers of keys, plus 1; 0 is free. A power of two, at least twice as many as there can be keys. */
  #slots = new Int32Array(128);

  /** The number of the key whose name is the bytes from `start` to `end`, or -1. */
  find(scope: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const number = (this.#slots[slot] as number) - 1;
      if (number < 0) return -1;
      if (this.#hashes[number] === hash && this.#scopes[number] === scope && this.#isName(number, bytes, start, end)) {
        return number;
      }
    }
  }

  /** Gives the next number to a key that is not there yet. */
  add(scope: number, hash: number, bytes: Uint8Array, start: number, end: number): number {
    const number = this.count++;
    if (number + 1 === this.start.length) this.#grow();
    const from = this.start[number] as number;
    const to = from + end - start + CLOSING.length;
    if (to > this.text.length) {
      this.text = copied(this.text, new Uint8Array(2 * to));
      this.view = new DataView(this.text.buffer);
    }
    this.text.set(bytes.subarray(start, end), from);
    this.text.set(CLOSING, to - CLOSING.length);
    this.start[number + 1] = to;
    this.#hashes[number] = hash;
    this.#scopes[number] = scope;
    this.#place(number);
    return number;
  }

  /** The number of a key; it is added when it is new. */
  numberOf(scope: number, name: string): number {
    const bytes = new TextEncoder().encode(name);
    const hash = hashBytes(bytes, 0, bytes.length);
    const number = this.find(scope, hash, bytes, 0, bytes.length);
    return number >= 0 ? number : this.add(scope, hash, bytes, 0, bytes.length);
  }

  name(number: number): string {
    const end = (this.start[number + 1] as number) - CLOSING.length;
    return new TextDecoder("utf-8", { ignoreBOM: true }).decode(this.text.subarray(this.start[number], end));
  }

  scope(number: number): number {
    return this.#scopes[number] as number;
  }

  #isName(number: number, bytes: Uint8Array, start: number, end: number): boolean {
    const from = this.start[number] as number;
    if ((this.start[number + 1] as number) - from - CLOSING.length !== end - start) return false;
    for (let at = start; at < end; at++) if (bytes[at] !== this.text[from + at - start]) return false;
    return true;
  }

  #place(number: number): void {
    const mask = this.#slots.length - 1;
    let slot = (this.#hashes[number] as number) & mask;
    while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
    this.#slots[slot] = number + 1;
  }

  #grow(): void {
    const count = this.start.length - 1;
    const size = 2 * this.start.length;
    this.start = copied(this.start, new Int32Array(size));
    this.#scopes = copied(this.#scopes, new Uint8Array(size));
    this.#hashes = copied(this.#hashes, new Int32Array(size));
    this.#slots = new Int32Array(2 * size);
    for (let number = 0; number < count; number++) this.#place(number);
  }
}

const CLOSING = new TextEncoder().encode('":');

/** A larger array that begins as the one before. */
export function copied<A extends Uint8Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
