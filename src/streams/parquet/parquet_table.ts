/** The columns of a Parquet file as those of a table. */
import { parquetSchema, type SchemaElement } from "hyparquet";
import type { Column, ColumnType } from "../table/record_encoder.ts";
import { nodesOf } from "./parquet_nodes.ts";
import type { ParquetSource } from "./parquet_pages.ts";
import { declareJson, declareTimes, metadataOf } from "./parquet_records.ts";
import { isDeclaredText } from "./parquet_types.ts";

/** A column; of one that holds moments, whether it knows that they are of UTC. */
export interface ParquetTableColumn extends Column {
  isInstant?: boolean;
}

/** Without those of other types than a table of `mp export` has. @throws ParquetError when this is not Parquet, or damaged */
export async function parquetTableColumns(file: ParquetSource): Promise<ParquetTableColumn[]> {
  const metadata = await metadataOf(file);
  declareJson(metadata);
  declareTimes(metadata);
  return nodesOf(parquetSchema(metadata)).flatMap(({ name, kind, element, leaves }) => {
    const type = kind === "leaf" && leaves[0]?.repetitionLevel === 0 ? typeOf(element) : undefined;
    if (type === undefined) return [];
    const { logical_type: logical } = element;
    const isInstant = type === "timestamp" && (logical?.type !== "TIMESTAMP" || logical.isAdjustedToUTC);
    return [{ name, type, ...(type === "timestamp" && { isInstant }) }];
  });
}

function typeOf(
  { type, scale, converted_type: converted, logical_type: logical }: SchemaElement,
): ColumnType | undefined {
  const declared = logical?.type ?? converted;
  if (declared === "JSON") return "json";
  if (type === "BOOLEAN") return "boolean";
  if (type === "INT96" || declared?.startsWith("TIMESTAMP")) return "timestamp";
  if (declared === "DECIMAL") {
    return (logical?.type === "DECIMAL" ? logical.scale : scale ?? 0) === 0 ? "decimal" : undefined;
  }
  if (type === "DOUBLE" || type === "FLOAT") return "number";
  if (type === "INT32" || type === "INT64") {
    return declared === undefined || /^U?INT/.test(declared) ? "integer" : undefined;
  }
  return type === "BYTE_ARRAY" &&
      isDeclaredText({ type, converted_type: converted, logical_type: logical } as SchemaElement)
    ? "string"
    : undefined;
}
