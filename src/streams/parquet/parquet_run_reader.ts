/** Small integers from runs: each run is a value with its count, or values of a few bits after each other. */
import { ParquetError } from "./parquet_error.ts";

/** Values of at most so many bits are cut out of four bytes. */
const MOST_QUICK_BITS = 24;

export class RunReader {
  readonly #bytes: Uint8Array;
  readonly #width: number;
  #at = 0;
  #repeatsLeft = 0;
  #repeated = 0;
  #packedLeft = 0;
  /** The next bit of the packed values. */
  #bit = 0;

  /** @param width bits of a value */
  constructor(bytes: Uint8Array, width: number) {
    if (width > 32) throw new ParquetError("damaged", `values of ${width} bits`);
    this.#bytes = bytes;
    this.#width = width;
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
      this.#bit = 8 * this.#at;
      this.#at += Math.floor(header / 2) * this.#width;
      return;
    }
    this.#repeatsLeft = header / 2;
    this.#repeated = 0;
    for (let bit = 0; bit < this.#width; bit += 8) this.#repeated += this.#byte() * 2 ** bit;
  }

  #byte(): number {
    if (this.#at >= this.#bytes.length) throw new ParquetError("damaged", "a run ends early");
    return this.#bytes[this.#at++] as number;
  }

  #unpack(into: Uint8Array | Uint32Array, start: number, count: number): void {
    const bytes = this.#bytes, width = this.#width;
    // The last group may lack the bytes that would only fill it up.
    if (this.#bit + count * width > 8 * bytes.length) throw new ParquetError("damaged", "a run ends early");
    let bit = this.#bit;
    const mask = 2 ** width - 1;
    for (let index = start; index < start + count; index++, bit += width) {
      const at = Math.floor(bit / 8);
      if (width <= MOST_QUICK_BITS) {
        const four = (bytes[at] as number) | (bytes[at + 1] as number) << 8 | (bytes[at + 2] as number) << 16 |
          (bytes[at + 3] as number) << 24;
        into[index] = (four >>> (bit % 8)) & mask;
      } else into[index] = this.#wide(bit);
    }
    this.#bit = bit;
  }

  #wide(start: number): number {
    let value = 0;
    for (let taken = 0; taken < this.#width;) {
      const bit = (start + taken) % 8;
      const count = Math.min(8 - bit, this.#width - taken);
      const part = ((this.#bytes[Math.floor((start + taken) / 8)] as number) >> bit) & (2 ** count - 1);
      value += part * 2 ** taken;
      taken += count;
    }
    return value;
  }
}
