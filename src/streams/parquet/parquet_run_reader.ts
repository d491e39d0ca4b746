/** Small integers from runs: each run is a value with its count, or values of a few bits after each other. */
import { ParquetError } from "./parquet_error.ts";

/** Values of at most so many bits are cut out of four bytes. */
const MOST_QUICK_BITS = 24;

/** No program writes the length of a run in more bytes. */
const MOST_HEADER_BYTES = 10;

const COUNTED_AT_ONCE = 4096;

/** Bytes, and the next one of them that has not been read. */
export interface RunBytes {
  bytes: Uint8Array;
  at: number;
}

export class RunReader {
  readonly #source: RunBytes;
  readonly #width: number;
  #repeatsLeft = 0;
  #repeated = 0;
  #packedLeft = 0;
  /** The next bit of the packed values in the next byte. */
  #bit = 0;

  /**
   * @param source moves on; between reads it may drop what was read, and get more
   * @param width bits of a value
   */
  constructor(source: RunBytes, width: number) {
    if (width > 32) throw new ParquetError("damaged", `values of ${width} bits`);
    this.#source = source;
    this.#width = width;
  }

  /** As many bytes as so many values take at most. */
  mostBytes(count: number): number {
    return count * (MOST_HEADER_BYTES + Math.ceil(this.#width / 8)) + 1;
  }

  /** Fills the array with the next values. */
  read(into: Uint8Array | Uint32Array): void {
    for (let done = 0; done < into.length;) {
      if (this.#repeatsLeft > 0) {
        const count = Math.min(this.#repeatsLeft, into.length - done);
        into.fill(this.#repeated, done, done + count);
        this.#repeatsLeft -= count;
        done += count;
      } else if (this.#packedLeft > 0) {
        const count = Math.min(this.#packedLeft, into.length - done);
        this.#unpack(into, done, count);
        this.#packedLeft -= count;
        done += count;
      } else this.#begin();
    }
  }

  /** How many of the next values are this one. */
  count(value: number, values: number): number {
    let found = 0;
    for (let left = values; left > 0;) {
      if (this.#repeatsLeft > 0) {
        const count = Math.min(this.#repeatsLeft, left);
        if (this.#repeated === value) found += count;
        this.#repeatsLeft -= count;
        left -= count;
      } else if (this.#packedLeft > 0) {
        const some = new Uint8Array(Math.min(this.#packedLeft, left, COUNTED_AT_ONCE));
        this.read(some);
        for (let index = 0; index < some.length; index++) if (some[index] === value) found++;
        left -= some.length;
      } else this.#begin();
    }
    return found;
  }

  #begin(): void {
    let header = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = this.#byte();
      header += (byte & 0x7f) * factor;
      if (byte < 0x80) break;
    }
    if (header % 2 === 1) {
      this.#packedLeft = Math.floor(header / 2) * 8;
      this.#bit = 0;
      return;
    }
    this.#repeatsLeft = header / 2;
    this.#repeated = 0;
    for (let bit = 0; bit < this.#width; bit += 8) this.#repeated += this.#byte() * 2 ** bit;
  }

  #byte(): number {
    const source = this.#source;
    if (source.at >= source.bytes.length) throw new ParquetError("damaged", "a run ends early");
    return source.bytes[source.at++] as number;
  }

  #unpack(into: Uint8Array | Uint32Array, start: number, count: number): void {
    const source = this.#source;
    const { bytes, at: from } = source;
    const width = this.#width;
    const bits = this.#bit + count * width;
    // The last group may lack the bytes that would only fill it up.
    if (from + Math.ceil(bits / 8) > bytes.length) throw new ParquetError("damaged", "a run ends early");
    const isNarrow = this.#bit === 0 && width > 0 && width <= MOST_NARROW_BITS;
    const done = isNarrow ? unpackGroups(bytes, from, width, into, start, count) : 0;
    const left = from + done * width / GROUP;
    if (width <= MOST_QUICK_BITS) unpackQuickly(bytes, left, this.#bit, width, into, start + done, count - done);
    else {for (let index = 0; index < count; index++) {
        into[start + index] = this.#wide(8 * from + this.#bit + index * width);
      }}
    source.at = from + Math.floor(bits / 8);
    this.#bit = bits % 8;
  }

  #wide(start: number): number {
    let value = 0;
    for (let taken = 0; taken < this.#width;) {
      const bit = (start + taken) % 8;
      const count = Math.min(8 - bit, this.#width - taken);
      const part = ((this.#source.bytes[Math.floor((start + taken) / 8)] as number) >> bit) & (2 ** count - 1);
      value += part * 2 ** taken;
      taken += count;
    }
    return value;
  }
}

/** Values of at most so many bits are cut out of a word four at a time. */
const MOST_NARROW_BITS = 8;
/** A group has so many values, in as many bytes as a value has bits. */
const GROUP = 8;
/** So many bytes from the first one of a group on are looked at. */
const SEEN_BYTES = 8;

/** Unpacks whole groups, except for some at the very end. Returns how many values that were. */
function unpackGroups(
  bytes: Uint8Array,
  from: number,
  width: number,
  into: Uint8Array | Uint32Array,
  start: number,
  count: number,
): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const mask = (1 << width) - 1;
  // The second half of a group begins in the middle of a byte where a value has an odd number of bits.
  const half = width >> 1, halfBits = 4 * (width & 1);
  const groups = Math.min(Math.floor(count / GROUP), Math.floor((bytes.length - from - SEEN_BYTES) / width) + 1);
  let at = from;
  let index = start;
  for (let group = 0; group < groups; group++) {
    let word = view.getInt32(at, true);
    into[index] = word & mask;
    into[index + 1] = (word >>>= width) & mask;
    into[index + 2] = (word >>>= width) & mask;
    into[index + 3] = (word >>> width) & mask;
    word = view.getInt32(at + half, true) >>> halfBits;
    into[index + 4] = word & mask;
    into[index + 5] = (word >>>= width) & mask;
    into[index + 6] = (word >>>= width) & mask;
    into[index + 7] = (word >>> width) & mask;
    at += width;
    index += GROUP;
  }
  return index - start;
}

/** Takes bits from the bytes one by one, as many as the next value needs. */
function unpackQuickly(
  bytes: Uint8Array,
  from: number,
  firstBit: number,
  width: number,
  into: Uint8Array | Uint32Array,
  start: number,
  count: number,
): void {
  const mask = (1 << width) - 1;
  let at = from;
  let held = 0;
  let heldBits = 0;
  if (firstBit > 0) {
    held = bytes[at++]! >>> firstBit;
    heldBits = 8 - firstBit;
  }
  for (let index = start; index < start + count; index++) {
    while (heldBits < width) {
      held |= bytes[at++]! << heldBits;
      heldBits += 8;
    }
    into[index] = held & mask;
    held >>>= width;
    heldBits -= width;
  }
}
