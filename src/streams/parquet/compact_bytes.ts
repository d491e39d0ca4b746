/** Structures in Thrift's compact form, much of which is skipped. */
import { ParquetError } from "./parquet_error.ts";

const STOP = 0, TRUE = 1, FALSE = 2, BYTE = 3, INT16 = 4, INT32 = 5, INT64 = 6, DOUBLE = 7, BINARY = 8, LIST = 9;
const STRUCTURE = 12;
/** A list has its length in its first byte when it is shorter. */
const LONG = 15;

/** The fields of a structure by their numbers. Whole numbers beyond 2^53 are rounded. */
export type CompactFields = CompactValue[];
export type CompactValue = boolean | number | Uint8Array | CompactValue[] | undefined;

/** What is read from a field that is a structure; undefined where there is none. */
export function structureOf<T>(field: CompactValue, read: (fields: CompactFields) => T): T | undefined {
  return Array.isArray(field) ? read(field) : undefined;
}

export class CompactBytes {
  /** @param at the next byte that has not been read */
  constructor(readonly bytes: Uint8Array, public at = 0) {}

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

  /** Reads all of a structure. */
  fields(): CompactFields {
    const fields: CompactFields = [];
    this.structure((field, type) => fields[field] = this.#value(type));
    return fields;
  }

  integer(): number {
    const zigzag = this.#unsigned();
    return zigzag % 2 === 0 ? zigzag / 2 : -(zigzag + 1) / 2;
  }

  skipValue(type: number): void {
    if (type === INT32 || type === INT64) this.#skipInteger();
    else if (type === BINARY) this.#skipBytes();
    else if (type === STRUCTURE) this.skipStructure();
    else if (type === LIST) this.#skipList();
    else this.#value(type);
  }

  skipStructure(): void {
    for (let header = this.#byte(); header !== STOP; header = this.#byte()) {
      if (header <= 0x0f) this.#skipInteger();
      this.skipValue(header & 0x0f);
    }
  }

  #skipList(): void {
    const header = this.#byte();
    const type = header & 0x0f;
    for (let left = this.#listLength(header); left > 0; left--) {
      if (type === TRUE || type === FALSE) this.#byte();
      else this.skipValue(type);
    }
  }

  #skipBytes(): void {
    const length = this.#unsigned();
    this.at += length;
  }

  #skipInteger(): void {
    while (this.#byte() > 0x7f);
  }

  #value(type: number): CompactValue {
    switch (type) {
      case TRUE:
      case FALSE:
        return type === TRUE;
      case BYTE:
        return this.#byte() << 24 >> 24;
      case INT16:
      case INT32:
      case INT64:
        return this.integer();
      case DOUBLE:
        return new DataView(this.#take(8).slice().buffer).getFloat64(0, true);
      case BINARY:
        return this.#take(this.#unsigned());
      case LIST:
        return this.#values();
      case STRUCTURE:
        return this.fields();
    }
    throw new ParquetError("damaged", `a field of type ${type}`);
  }

  #values(): CompactValue[] {
    const header = this.#byte();
    const type = header & 0x0f;
    const values: CompactValue[] = [];
    for (let left = this.#listLength(header); left > 0; left--) {
      // In a list each has a byte of its own.
      values.push(type === TRUE || type === FALSE ? this.#byte() === 1 : this.#value(type));
    }
    return values;
  }

  #listLength(header: number): number {
    const length = header >> 4;
    return length === LONG ? this.#unsigned() : length;
  }

  #take(count: number): Uint8Array {
    if (this.at + count > this.bytes.length) throw endsEarly();
    this.at += count;
    return this.bytes.subarray(this.at - count, this.at);
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
    if (this.at >= this.bytes.length) throw endsEarly();
    return this.bytes[this.at++]!;
  }
}

const endsEarly = () => new ParquetError("damaged", "a structure ends early");
