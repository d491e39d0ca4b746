/** The columns of a Parquet file, as types of tables. */
import type { SchemaElement } from "hyparquet";
import type { ColumnType } from "../table/record_encoder.ts";
import { nodesOf } from "./parquet_nodes.ts";
import { parquetSchema } from "hyparquet";
import type { ParquetSource } from "./parquet_pages.ts";
import { metadataOf } from "./parquet_directory.ts";
import { declareJson } from "./parquet_records.ts";
import { isDeclaredText } from "./parquet_types.ts";

export interface DeclaredColumn {
  name: string;
  /** Undefined for what no column of our tables holds, such as lists and days. */
  type?: ColumnType;
  /** Whether it holds times that have no zone. */
  isLocal?: boolean;
}

/** @throws ParquetError when this is not Parquet, or damaged */
export async function declaredColumns(file: ParquetSource): Promise<DeclaredColumn[]> {
  const metadata = await metadataOf(file);
  declareJson(metadata);
  return nodesOf(parquetSchema(metadata)).map(({ name, kind, element, leaves }) => ({
    name,
    type: kind === "leaf" && leaves[0]?.repetitionLevel === 0 ? typeOf(element) : undefined,
    ...(element.logical_type?.type === "TIMESTAMP" && !element.logical_type.isAdjustedToUTC && { isLocal: true }),
  }));
}

/** Undefined for what no column of our tables holds, such as lists and days. */
function typeOf(element: SchemaElement): ColumnType | undefined {
  const { type, converted_type: converted, logical_type: logical } = element;
  if (converted === "DECIMAL" || logical?.type === "DECIMAL") return "decimal";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DOUBLE" || type === "FLOAT") return "number";
  if (type === "BYTE_ARRAY") {
    if (converted === "JSON" || logical?.type === "JSON") return "json";
    return isDeclaredText(element) ? "string" : undefined;
  }
  if (logical?.type === "TIMESTAMP" || converted?.startsWith("TIMESTAMP_")) return "timestamp";
  const isWhole = logical === undefined || logical.type === "INTEGER";
  const isWholeConverted = converted === undefined || /^U?INT_/.test(converted);
  return (type === "INT32" || type === "INT64") && isWhole && isWholeConverted ? "integer" : undefined;
}
