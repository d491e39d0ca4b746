/** The least and the greatest value of a Parquet column chunk, by which readers skip row groups. */
import type { Statistics } from "hyparquet";
import { LENGTH_BYTES, WORD_BYTES } from "./parquet_column_types.ts";
import type { ParquetValues } from "./parquet_values.ts";
import type { ColumnType } from "../table/record_encoder.ts";

/** Longer texts are no bounds: they would be kept in memory up to the end of the file. */
const MAX_BOUND_BYTES = 64;

const SIGN_BIT = 1 << 31;

/** Of so many rows, those without a value among them. Booleans, JSON and ids have no bounds that would help. */
export function columnBounds(
  type: ColumnType,
  { bytes, view, length, count }: ParquetValues,
  rows: number,
): Statistics {
  const null_count = BigInt(rows - count);
  if (count === 0 || type === "boolean" || type === "json" || type === "decimal") return { null_count };
  const [min_value, max_value] = type === "string"
    ? textBounds(bytes, view, length)
    : type === "integer" || type === "timestamp"
    ? integerBounds(view, length)
    : numberBounds(view, length);
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

function numberBounds(view: DataView, length: number): [number, number] {
  let min = view.getFloat64(0, true), max = min;
  for (let at = WORD_BYTES; at < length; at += WORD_BYTES) {
    const value = view.getFloat64(at, true);
    if (value < min) min = value;
    else if (value > max) max = value;
  }
  return [min, max];
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
