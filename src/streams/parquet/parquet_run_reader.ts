/** Small integers from runs: each run is a value with its count, or values of a few bits after each other. */
import { ParquetError } from "./parquet_error.ts";

/** Values of at most so many bits are cut out of four bytes. */
const MOST_QUICK_BITS = 24;

/** No program writes the length of a run in more bytes. */
const MOST_HEADER_BYTES = 10;

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
    const { bytes, at: from } = this.#source;
    const width = this.#width;
    let bit = 8 * from + this.#bit;
    // The last group may lack the bytes that would only fill it up.
    if (bit + count * width > 8 * bytes.length) throw new ParquetError("damaged", "a run ends early");
    const mask = 2 ** width - 1;
    for (let index = start; index < start + count; index++, bit += width) {
      const at = Math.floor(bit / 8);
      if (width <= MOST_QUICK_BITS) {
        const four = (bytes[at] as number) | (bytes[at + 1] as number) << 8 | (bytes[at + 2] as number) << 16 |
          (bytes[at + 3] as number) << 24;
        into[index] = (four >>> (bit % 8)) & mask;
      } else into[index] = this.#wide(bit);
    }
    this.#source.at = Math.floor(bit / 8);
    this.#bit = bit % 8;
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
