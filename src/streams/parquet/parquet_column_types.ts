/** How Parquet files declare columns of each type. */
import type { SchemaElement } from "hyparquet";
import type { ColumnType } from "../table/record_encoder.ts";

/** Of a text, before its bytes. */
export const LENGTH_BYTES = 4;

/** Of a number. */
export const WORD_BYTES = 8;

/** The most that all engines have, and what it needs. */
export const DECIMAL_DIGITS = 38;
export const DECIMAL_BYTES = 16;

const TEXT: Omit<SchemaElement, "name"> = {
  type: "BYTE_ARRAY",
  converted_type: "UTF8",
  logical_type: { type: "STRING" },
};

/** The key under which a file's metadata name its columns of JSON, as a list. */
export const JSON_COLUMNS_KEY = "mp.json_columns";

export const PARQUET_TYPES: Record<ColumnType, Omit<SchemaElement, "name">> = {
  boolean: { type: "BOOLEAN" },
  integer: { type: "INT64" },
  number: { type: "DOUBLE" },
  string: TEXT,
  // Polars makes bytes of columns that are declared as JSON, and ClickHouse objects: the file's metadata name them.
  json: TEXT,
  decimal: {
    type: "FIXED_LEN_BYTE_ARRAY",
    type_length: DECIMAL_BYTES,
    converted_type: "DECIMAL",
    precision: DECIMAL_DIGITS,
    scale: 0,
    logical_type: { type: "DECIMAL", precision: DECIMAL_DIGITS, scale: 0 },
  },
  timestamp: {
    type: "INT64",
    converted_type: "TIMESTAMP_MILLIS",
    logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MILLIS" },
  },
};
