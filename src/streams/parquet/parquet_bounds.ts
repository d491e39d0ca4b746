/** The least and the greatest value of a Parquet column chunk, by which readers skip row groups. */
import type { Statistics } from "hyparquet";
import { LENGTH_BYTES, WORD_BYTES } from "./parquet_column_types.ts";
import type { ParquetValues } from "./parquet_values.ts";
import type { ColumnType } from "../table/record_encoder.ts";

/** Longer texts are no bounds: they would be kept in memory up to the end of the file. */
const MAX_BOUND_BYTES = 64;

const SIGN_BIT = 1 << 31;

/** The least and the greatest of the numbers that were noted. To look at all of them at the end would take longer. */
export class NumberBounds {
  #min = Infinity;
  #max = -Infinity;
  /** Whether there was one that no double holds. */
  #isInexact = false;

  note(value: number): void {
    if (value < this.#min) this.#min = value;
    if (value > this.#max) this.#max = value;
  }

  /** Notes one that no double may hold. */
  noteLong(): void {
    this.#isInexact = true;
  }

  clear(): void {
    this.#min = Infinity;
    this.#max = -Infinity;
    this.#isInexact = false;
  }

  /** Of these values, which are all that were noted. */
  of(type: ColumnType, { view, length }: ParquetValues): [bigint, bigint] | [number, number] {
    if (this.#isInexact) return integerBounds(view, length);
    return type === "number" ? [this.#min, this.#max] : [BigInt(this.#min), BigInt(this.#max)];
  }
}

/** Of so many rows, those without a value among them. Booleans, JSON and ids have no bounds that would help. */
export function columnBounds(type: ColumnType, values: ParquetValues, numbers: NumberBounds, rows: number): Statistics {
  const null_count = BigInt(rows - values.count);
  if (values.count === 0 || type === "boolean" || type === "json" || type === "decimal") return { null_count };
  const { bytes, view, length } = values;
  const [min_value, max_value] = type === "string" ? textBounds(bytes, view, length) : numbers.of(type, values);
  // Zeros of both signs are equal, and a bound must hold for both.
  return { null_count, min_value: min_value === 0 ? -0 : min_value, max_value: max_value === 0 ? 0 : max_value };
}

/** By halves: a big integer for each value takes long. Of the lower ones the first bit is turned, so that signs do not matter. */
function integerBounds(view: DataView, length: number): [bigint, bigint] {
  let min = 0, max = 0;
  let minHigh = view.getInt32(4, true), minLow = view.getInt32(0, true) ^ SIGN_BIT;
  let maxHigh = minHigh, maxLow = minLow;
  for (let at = WORD_BYTES; at < length; at += WORD_BYTES) {
    const high = view.getInt32(at + 4, true), low = view.getInt32(at, true) ^ SIGN_BIT;
    if (high < minHigh || (high === minHigh && low < minLow)) {
      minHigh = high;
      minLow = low;
      min = at;
    } else if (high > maxHigh || (high === maxHigh && low > maxLow)) {
      maxHigh = high;
      maxLow = low;
      max = at;
    }
  }
  return [view.getBigInt64(min, true), view.getBigInt64(max, true)];
}

function textBounds(bytes: Uint8Array, view: DataView, length: number): [Uint8Array?, Uint8Array?] {
  let min = 0, max = 0;
  for (let at = 0; at < length; at += LENGTH_BYTES + view.getInt32(at, true)) {
    if (compareTexts(bytes, view, at, min) < 0) min = at;
    else if (compareTexts(bytes, view, at, max) > 0) max = at;
  }
  return [boundAt(bytes, view, min), boundAt(bytes, view, max)];
}

function boundAt(bytes: Uint8Array, view: DataView, at: number): Uint8Array | undefined {
  const length = view.getInt32(at, true);
  return length > MAX_BOUND_BYTES ? undefined : bytes.slice(at + LENGTH_BYTES, at + LENGTH_BYTES + length);
}

function compareTexts(bytes: Uint8Array, view: DataView, one: number, other: number): number {
  const oneLength = view.getInt32(one, true), otherLength = view.getInt32(other, true);
  const length = Math.min(oneLength, otherLength);
  let at = LENGTH_BYTES;
  for (; at + 4 <= LENGTH_BYTES + length; at += 4) {
    const oneWord = view.getInt32(one + at), otherWord = view.getInt32(other + at);
    if (oneWord !== otherWord) return (oneWord ^ SIGN_BIT) < (otherWord ^ SIGN_BIT) ? -1 : 1;
  }
  for (; at < LENGTH_BYTES + length; at++) {
    const difference = (bytes[one + at] as number) - (bytes[other + at] as number);
    if (difference !== 0) return difference;
  }
  return oneLength - otherLength;
}
