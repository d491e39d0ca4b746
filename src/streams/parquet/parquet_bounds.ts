/** The least and the greatest value of a Parquet column chunk, by which readers pass over row groups. */
import type { Statistics } from "hyparquet";
import { LENGTH_BYTES, WORD_BYTES } from "./parquet_chunk.ts";
import type { ParquetValues } from "./parquet_values.ts";
import type { ColumnType } from "../table/record_encoder.ts";

/** Longer texts are no bounds: they would be kept in memory up to the end of the file. */
const MAX_BOUND_BYTES = 64;

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
    ? bounds(length, (at) => view.getBigInt64(at, true))
    : bounds(length, (at) => view.getFloat64(at, true));
  // Zeros of both signs are equal, and a bound must hold for both.
  return { null_count, min_value: min_value === 0 ? -0 : min_value, max_value: max_value === 0 ? 0 : max_value };
}

function bounds<V extends number | bigint>(length: number, read: (at: number) => V): [V, V] {
  let min = read(0), max = min;
  for (let at = WORD_BYTES; at < length; at += WORD_BYTES) {
    const value = read(at);
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
  for (let at = LENGTH_BYTES; at < LENGTH_BYTES + length; at++) {
    const difference = (bytes[one + at] as number) - (bytes[other + at] as number);
    if (difference !== 0) return difference;
  }
  return oneLength - otherLength;
}
