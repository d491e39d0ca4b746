/** From checked JSON Lines to another format: what the writers of CSV, TSV and Parquet have in common. */
import type { Widening } from "../csv/widened_rows.ts";
import type { ColumnNames, ColumnSource } from "./column_names.ts";

/**
 * What a column holds. `json` is text with any JSON value, for lists, objects and mixed columns; `timestamp` is the time of an
 * event, in seconds or milliseconds since 1970; `decimal` is whole numbers of up to 38 digits.
 */
export const COLUMN_TYPES = ["boolean", "integer", "number", "string", "json", "timestamp", "decimal"] as const;
export type ColumnType = (typeof COLUMN_TYPES)[number];

/** A column as it was found or asked for. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Where its values stand, when the name does not say so. */
  source?: ColumnSource;
}

/** Finds the columns of records. Its size grows with the columns, not with the records. */
export interface ColumnFinder {
  /** Looks at whole lines, each with its line feed. */
  observe(lines: Uint8Array): void;
  /** Adds what another finder, or an earlier run of this one, has found. */
  merge(columns: readonly Column[]): void;
  /** As narrow as the values allow, in the order in which they were first seen. */
  columns(names?: ColumnNames): Column[];
  /** With types that also suit what may come later. Values that are not of a column's type are for another column. */
  lastingColumns(names: ColumnNames): Column[];
}

/** A property whose values are in the column of the rest. */
export interface OtherProperty {
  /** As it would be called as a column. */
  name: string;
  /** How many events had it there. */
  events: number;
  /** Of its column, when it has one and these values are of another type. */
  type?: ColumnType;
}

/** Encodes records. The output is a view of memory that the next call uses again. */
export interface RecordEncoder {
  /** What comes before the first record. */
  begin(): Uint8Array;
  /** Whole lines, each with its line feed, as they came from a `ColumnFinder`'s check. */
  encode(lines: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** What comes after the last record. */
  end(): Uint8Array | Promise<Uint8Array>;
  /** What was not written as it came. */
  readonly report: EncodingReport;
}

/**
 * Encodes records whose columns it finds on the way, so that they are read once. What it has written mostly stands when the
 * columns are known at last; where it does not, the records have to be encoded again.
 */
export interface GrowingEncoder extends Pick<RecordEncoder, "begin" | "encode" | "report"> {
  /**
   * What comes after the last record, when these are the columns.
   *
   * @returns undefined when what was written is not what a `RecordEncoder` of these columns would have written
   */
  endWith(columns: readonly Column[]): EncodedEnd | undefined | Promise<EncodedEnd | undefined>;
}

export interface EncodedEnd {
  bytes: Uint8Array;
  /** What has to become of all that was written, without compression. Undefined where it stands as it is. */
  widening?: Widening;
}

export interface EncodingReport {
  /** Of Parquet: the type of the times of events, where it is none of times since an event has something else there. */
  oddTimeType?: ColumnType;
  /** Properties whose values are in the column of the rest. */
  readonly others: readonly OtherProperty[];
  /** NUL characters that were written as `\\u0000`. */
  readonly nuls: number;
  /** Texts, names among them, with U+FFFD in place of what UTF-8 cannot have: halves of surrogate pairs, and bytes that are none of it. */
  readonly replaced: number;
}
