/**
 * The values of a Parquet column chunk, as bytes in the PLAIN encoding, each of them only once as long as that saves
 * space: then they are the dictionary, and the chunk is made of their numbers.
 */
import { hashBytes } from "../json/key_table.ts";

/** After so many values it is known whether many of them are equal. */
const FIRST_VERDICT_VALUES = 1024;

export class ParquetValues {
  /** The values, or the dictionary, up to `length`. */
  bytes = new Uint8Array(512);
  length = 0;
  /** How many values there are. */
  count = 0;
  isDictionary = true;
  /** How many different values there are, of a dictionary. */
  entryCount = 0;
  view = new DataView(this.bytes.buffer);
  /** Where the entries of the dictionary begin, and where the next one will. */
  #starts = new Int32Array(64);
  #hashes = new Int32Array(64);
  /** Numbers of entries, plus 1; 0 is free. A power of two, at least twice as many as there can be entries. */
  #slots = new Int32Array(128);
  /** The numbers of the values in the dictionary, up to `count`. */
  indexes = new Int32Array(64);
  /** What the values would need without a dictionary. */
  #plainLength = 0;

  /** Makes room for a value of at most so many bytes behind `length`. */
  makeRoom(bytes: number): void {
    const needed = this.length + bytes;
    if (needed > this.bytes.length) this.#resize(Math.max(2 * this.bytes.length, needed));
  }

  /** Takes the bytes from `length` to `end` as the next value. */
  take(end: number): void {
    const start = this.length;
    this.count++;
    this.length = end;
    if (!this.isDictionary) return;
    this.#plainLength += end - start;
    const entry = this.#entry(start, end);
    if (entry < this.entryCount) this.length = start;
    else this.#addEntry(end);
    if (this.count > this.indexes.length) this.indexes = copied(this.indexes, new Int32Array(2 * this.count));
    this.indexes[this.count - 1] = entry;
    const isUseless = 2 * this.length > this.#plainLength;
    if (isUseless && entry === this.entryCount - 1 && this.count >= FIRST_VERDICT_VALUES) this.#giveUpDictionary();
  }

  /** Forgets all values. */
  clear(): void {
    this.length = 0;
    this.count = 0;
    this.entryCount = 0;
    this.isDictionary = true;
    this.#plainLength = 0;
    this.#slots.fill(0);
  }

  /** The number of the entry with these bytes; the next free one when there is none, in whose slot it is put. */
  #entry(start: number, end: number): number {
    const { bytes } = this;
    const hash = hashBytes(bytes, start, end);
    const mask = this.#slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask;; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) {
        this.#slots[slot] = this.entryCount + 1;
        this.#hashes[this.entryCount] = hash;
        this.#starts[this.entryCount] = start;
        return this.entryCount;
      }
      if (this.#hashes[entry] !== hash) continue;
      const from = this.#starts[entry] as number;
      if ((this.#starts[entry + 1] as number) - from !== end - start) continue;
      let at = start;
      while (at < end && bytes[at] === bytes[from + at - start]) at++;
      if (at === end) return entry;
    }
  }

  #addEntry(end: number): void {
    this.entryCount++;
    if (this.entryCount + 1 >= this.#starts.length) {
      const size = 2 * this.#starts.length;
      this.#starts = copied(this.#starts, new Int32Array(size));
      this.#hashes = copied(this.#hashes, new Int32Array(size));
      this.#slots = new Int32Array(2 * size);
      const mask = this.#slots.length - 1;
      for (let entry = 0; entry < this.entryCount; entry++) {
        const hash = this.#hashes[entry] as number;
        let slot = (hash ^ (hash >>> 15)) & mask;
        while (this.#slots[slot] !== 0) slot = (slot + 1) & mask;
        this.#slots[slot] = entry + 1;
      }
    }
    this.#starts[this.entryCount] = end;
  }

  /** Writes the values out, each as often as it is there. */
  #giveUpDictionary(): void {
    const dictionary = this.bytes;
    this.bytes = new Uint8Array(2 * this.#plainLength);
    this.view = new DataView(this.bytes.buffer);
    this.length = 0;
    for (let index = 0; index < this.count; index++) {
      const entry = this.indexes[index] as number;
      const end = this.#starts[entry + 1] as number;
      for (let at = this.#starts[entry] as number; at < end; at++) this.bytes[this.length++] = dictionary[at] as number;
    }
    this.isDictionary = false;
  }

  #resize(bytes: number): void {
    this.bytes = copied(this.bytes, new Uint8Array(bytes));
    this.view = new DataView(this.bytes.buffer);
  }
}

function copied<A extends Uint8Array | Int32Array>(from: A, into: A): A {
  into.set(from);
  return into;
}
