/** From checked JSON Lines to another format: what the writers of CSV, TSV and Parquet have in common. */

/** How a line becomes a row: `event` with `properties`, or `$distinct_id` with `$properties`. Others are taken as they are. */
export type RecordLayout = "event" | "profile" | "flat";

/** What a column holds. `json` is text with any JSON value, for lists, objects and mixed columns. */
export type ColumnType = "boolean" | "integer" | "number" | "string" | "json";

/** A column as it was found or asked for. */
export interface Column {
  name: string;
  type: ColumnType;
  /** Of integers: some are beyond 2^53, so that they cannot be widened to numbers. */
  hasLongIntegers?: true;
}

/** Finds the columns of records. Its size grows with the columns, not with the records. */
export interface ColumnFinder {
  /** Looks at whole lines, each with its line feed. */
  observe(lines: Uint8Array): void;
  /** Adds what another finder, or an earlier run of this one, has found. */
  merge(columns: readonly Column[]): void;
  /** In the order in which they were first seen. */
  columns(): Column[];
}

/** Encodes records. The output is a view of memory that the next call uses again. */
export interface RecordEncoder {
  /** What comes before the first record. */
  begin(): Uint8Array;
  /** Whole lines, each with its line feed, as they came from a `ColumnFinder`'s check. */
  encode(lines: Uint8Array): Uint8Array | Promise<Uint8Array>;
  /** What comes after the last record. */
  end(): Uint8Array | Promise<Uint8Array>;
}
