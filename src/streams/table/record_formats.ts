/** The formats that records can be written in, besides JSON Lines. */
import { csvRecordEncoder, growingCsvEncoder } from "../csv/csv_record_encoder.ts";
import type { RecordColumns } from "./columns.ts";
import { GROWTH_LIMITS, type GrowthLimits, HeadFirstEncoder } from "./growing_encoder.ts";
import type { TimeForm } from "./time_form.ts";
import type { Column, GrowingEncoder, RecordEncoder } from "./record_encoder.ts";
import type { RecordLayout } from "./record_layout.ts";

export type RecordFormat = "csv" | "tsv" | "parquet";

export interface RecordEncoderOptions {
  /** The columns are a choice, and what has none is left out. Default false: it is a `MisfitError`. */
  isSelection?: boolean;
  /**
   * The name of a JSON column behind the others, for what has no column and for values that are not of their column's type.
   * With `isSelection` only for the latter.
   */
  rest?: string;
  /** Of CSV and TSV: what stands for null and for what a record does not have. Default nothing. */
  nullText?: string;
  /** Of CSV and TSV: begins with a byte order mark, so that Excel reads UTF-8. */
  bom?: boolean;
  /** Of CSV and TSV: how the time of events is written. Default as it came. */
  time?: TimeForm;
  /** Of Parquet: named in the file as what wrote it, such as `mp version 1.0.0`. Default `mp`. */
  createdBy?: string;
  /** Of Parquet: what is kept in the file beside records, such as the range of an export. */
  metadata?: Readonly<Record<string, string>>;
}

/** Of a Parquet file without records: readers refuse one without columns. */
const ONLY_COLUMN: Record<RecordLayout, Column> = {
  event: { name: "event", type: "string" },
  profile: { name: "$distinct_id", type: "string" },
  flat: { name: "record", type: "json" },
};

/**
 * An encoder of this format for records of this layout. The types of columns matter to Parquet alone; a chosen column
 * that no record has can be a `string`.
 *
 * @throws RangeError when a column is there twice
 */
export async function recordEncoder(
  format: RecordFormat,
  columns: readonly Column[],
  layout: RecordLayout,
  options: RecordEncoderOptions = {},
): Promise<RecordEncoder> {
  if (format !== "parquet") return csvRecordEncoder(columns, layout, format === "csv" ? "," : "\t", options);
  // Loaded for those who write Parquet: it is large.
  const { parquetEncoder } = await import("../parquet/parquet_encoder.ts");
  return parquetEncoder(columns.length === 0 ? [ONLY_COLUMN[layout]] : columns, layout, options);
}

/**
 * An encoder of this format for records whose columns the finder finds on the way.
 *
 * @param columnsOf the columns that a file would have if there were no other records than those that were seen
 */
export async function growingEncoder(
  format: RecordFormat,
  finder: RecordColumns,
  columnsOf: () => Column[],
  layout: RecordLayout,
  options: RecordEncoderOptions = {},
  limits: GrowthLimits = GROWTH_LIMITS,
): Promise<GrowingEncoder> {
  if (format !== "parquet") {
    const separator = format === "csv" ? "," : "\t";
    return new HeadFirstEncoder(finder, {
      columns: columnsOf,
      growing: (columns) => growingCsvEncoder(columns, finder, layout, separator, options),
      fixed: (columns) => csvRecordEncoder(columns, layout, separator, options),
    }, limits.headBytes);
  }
  const { growingParquetEncoder, parquetEncoder } = await import("../parquet/parquet_encoder.ts");
  return new HeadFirstEncoder(finder, {
    columns: columnsOf,
    growing: (columns) => growingParquetEncoder(columns, finder, layout, options, limits),
    fixed: (columns) => parquetEncoder(columns.length === 0 ? [ONLY_COLUMN[layout]] : columns, layout, options),
  }, limits.headBytes);
}
