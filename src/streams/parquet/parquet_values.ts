/**
 * The values of a Parquet column chunk, as bytes in the PLAIN encoding, each of them only once as long as that saves
 * space: then they are the dictionary, and the chunk is made of their numbers.
 */
import { copied } from "../json/key_table.ts";
import { LENGTH_BYTES } from "./parquet_column_types.ts";

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
    if (!this.isDictionary) {
      this.count++;
      this.length = end;
      return;
    }
    const entry = this.#entry(hashWords(this.view, start, end), this.view, start, end, 0);
    this.#note(entry, end - start);
    if (entry < this.entryCount) return;
    this.length = end;
    this.#addEntry(end);
  }

  /** Takes a text as it stands in other bytes, with its length before it. */
  takeText(source: DataView, start: number, end: number): void {
    const length = end - start;
    if (this.isDictionary) {
      const entry = this.#entry(hashWords(source, start, end), source, start, end, LENGTH_BYTES);
      this.#note(entry, LENGTH_BYTES + length);
      if (entry < this.entryCount) return;
      this.#append(source, start, length);
      this.#addEntry(this.length);
      return;
    }
    this.count++;
    this.#append(source, start, length);
  }

  /**
   * Forgets all values, and gives away the memory that they are in.
   *
   * @param memory for the next ones
   */
  clear(memory: Uint8Array<ArrayBuffer>): void {
    this.bytes = memory;
    this.view = new DataView(memory.buffer);
    this.length = 0;
    this.count = 0;
    this.entryCount = 0;
    this.isDictionary = true;
    this.#plainLength = 0;
    this.#slots.fill(0);
  }

  #append(source: DataView, start: number, length: number): void {
    this.makeRoom(LENGTH_BYTES + length);
    const { bytes, view } = this;
    view.setInt32(this.length, length, true);
    const to = this.length + LENGTH_BYTES;
    const last = length - 4;
    for (let at = 0; at < last; at += 4) view.setInt32(to + at, source.getInt32(start + at, true), true);
    if (last >= 0) view.setInt32(to + last, source.getInt32(start + last, true), true);
    else for (let at = 0; at < length; at++) bytes[to + at] = source.getUint8(start + at);
    this.length = to + length;
  }

  /** Takes an entry of the dictionary as the next value. */
  #note(entry: number, plainBytes: number): void {
    this.#plainLength += plainBytes;
    if (this.count === this.indexes.length) this.indexes = copied(this.indexes, new Int32Array(2 * this.count));
    this.indexes[this.count++] = entry;
  }

  /**
   * The number of the entry with these bytes, behind `prefix` bytes of its own; the next free one when there is none, in whose
   * slot it is put.
   */
  #entry(hash: number, source: DataView, start: number, end: number, prefix: number): number {
    const { view } = this;
    const mask = this.#slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask;; slot = (slot + 1) & mask) {
      const entry = (this.#slots[slot] as number) - 1;
      if (entry < 0) {
        this.#slots[slot] = this.entryCount + 1;
        this.#hashes[this.entryCount] = hash;
        this.#starts[this.entryCount] = this.length;
        return this.entryCount;
      }
      if (this.#hashes[entry] !== hash) continue;
      const from = (this.#starts[entry] as number) + prefix;
      if ((this.#starts[entry + 1] as number) - from === end - start && isSame(view, from, source, start, end)) {
        return entry;
      }
    }
  }

  /** Adds the one that was noted, up to `end`. */
  #addEntry(end: number): void {
    this.entryCount++;
    this.#placeEntries(end);
    const isUseless = 2 * this.length > this.#plainLength;
    if (isUseless && this.count >= FIRST_VERDICT_VALUES) this.#giveUpDictionary();
  }

  #placeEntries(end: number): void {
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
    const dictionary = this.bytes.slice(0, this.length);
    this.length = 0;
    this.makeRoom(2 * this.#plainLength);
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

const HASH_PRIME = 0x2c1b3c6d;

/** A hash of bytes, four at a time; the last four can overlap those before. */
function hashWords(view: DataView, start: number, end: number): number {
  const last = end - 4;
  let hash = end - start;
  for (let at = start; at < last; at += 4) {
    hash = Math.imul(hash ^ view.getInt32(at, true), HASH_PRIME);
    hash = (hash << 13) | (hash >>> 19);
  }
  if (last >= start) return Math.imul(hash ^ view.getInt32(last, true), HASH_PRIME);
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ view.getUint8(at), HASH_PRIME);
  return hash;
}

function isSame(one: DataView, from: number, other: DataView, start: number, end: number): boolean {
  const last = end - start - 4;
  for (let at = 0; at < last; at += 4) {
    if (one.getInt32(from + at, true) !== other.getInt32(start + at, true)) return false;
  }
  if (last >= 0) return one.getInt32(from + last, true) === other.getInt32(start + last, true);
  for (let at = 0; at < end - start; at++) if (one.getUint8(from + at) !== other.getUint8(start + at)) return false;
  return true;
}
