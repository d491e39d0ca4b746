/** Structures in Thrift's compact form, of which most is passed over. */
import { ParquetError } from "./parquet_error.ts";

const STOP = 0, TRUE = 1, FALSE = 2, BYTE = 3, INT16 = 4, INT32 = 5, INT64 = 6, DOUBLE = 7, BINARY = 8, LIST = 9;
const STRUCTURE = 12;
/** A list has its length in its first byte when it is shorter. */
const LONG = 15;

export class CompactBytes {
  /** The next byte that has not been read. */
  at = 0;

  constructor(readonly bytes: Uint8Array) {}

  /**
   * Reads a structure.
   *
   * @param take called with the number and the type of each field; it reads the value, or skips it
   */
  structure(take: (field: number, type: number) => void): void {
    for (let field = 0;;) {
      const header = this.#byte();
      const type = header & 0x0f;
      if (type === STOP) return;
      field = header > 0x0f ? field + (header >> 4) : this.integer();
      take(field, type);
    }
  }

  /** Reads a list of structures, each by a call. */
  list(take: () => void): void {
    for (let left = this.#listLength(this.#byte()); left > 0; left--) take();
  }

  /** A whole number; beyond 2^53 it is rounded. */
  integer(): number {
    const zigzag = this.#unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  skip(type: number): void {
    switch (type) {
      case TRUE:
      case FALSE:
        return;
      case BYTE:
        this.at++;
        return;
      case INT16:
      case INT32:
      case INT64:
        while (this.#byte() > 0x7f);
        return;
      case DOUBLE:
        this.at += 8;
        return;
      case BINARY: {
        const length = this.#unsigned();
        this.at += length;
        return;
      }
      case LIST:
        return this.#skipList();
      case STRUCTURE:
        return this.skipStructure();
    }
    throw new ParquetError("damaged", `a field of type ${type}`);
  }

  skipStructure(): void {
    for (;;) {
      const header = this.#byte();
      const type = header & 0x0f;
      if (type === STOP) return;
      if (header <= 0x0f) this.#unsigned();
      this.skip(type);
    }
  }

  #skipList(): void {
    const header = this.#byte();
    const type = header & 0x0f;
    const length = this.#listLength(header);
    // Beside each other they take a byte.
    if (type === TRUE || type === FALSE) this.at += length;
    else for (let left = length; left > 0; left--) this.skip(type);
  }

  #listLength(header: number): number {
    const length = header >> 4;
    return length === LONG ? this.#unsigned() : length;
  }

  #unsigned(): number {
    let value = 0;
    for (let factor = 1;; factor *= 128) {
      const byte = this.#byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  #byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new ParquetError("damaged", "its directory ends early");
    return byte;
  }
}
