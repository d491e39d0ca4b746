/** A Parquet file column by column: for who needs few of them, and no records. */
import { type FileMetaData, parquetSchema, type RowGroup } from "hyparquet";
import { ParquetError } from "./parquet_error.ts";
import { FlatLeaf } from "./flat_leaf.ts";
import { nodesOf, type ParquetNode } from "./parquet_nodes.ts";
import { heldOf, type ParquetSource } from "./parquet_pages.ts";
import { declareJson, declareTimes, metadataOf, pagedColumn } from "./parquet_records.ts";
import { type Conversion, isDeclaredText } from "./parquet_types.ts";

/** What a column holds: texts as bytes, JSON, milliseconds since 1970, numbers, or true and false. `other` is anything else. */
export type ColumnContent = "text" | "json" | "milliseconds" | "number" | "boolean" | "other";

/** Rows that lie together. */
export interface ColumnGroup {
  rows: number;
  /** The least and the greatest time of a column of milliseconds; undefined where the file does not say. */
  bounds(name: string): { least: number; greatest: number } | undefined;
  /** How many rows have no value; undefined where the file does not say. */
  nulls(name: string): number | undefined;
  /** Reads a column from its first row on; see `FlatLeaf`. What is stored is good for as long as `convert` takes. */
  open(name: string, convert?: Conversion): FlatLeaf;
}

/** The columns of a file. */
export interface ColumnFile {
  contents: ReadonlyMap<string, ColumnContent>;
  groups: readonly ColumnGroup[];
}

/** @throws ParquetError when this is not Parquet, or damaged */
export async function parquetColumns(file: ParquetSource): Promise<ColumnFile> {
  const metadata = await metadataOf(file);
  declareJson(metadata);
  declareTimes(metadata);
  const nodes = new Map(nodesOf(parquetSchema(metadata)).map((node) => [node.name, node]));
  return {
    contents: new Map([...nodes].map(([name, node]) => [name, contentOf(node, metadata)])),
    groups: metadata.row_groups.map((group) => groupOf(file, nodes, group)),
  };
}

function contentOf({ kind, element, leaves }: ParquetNode, { schema }: FileMetaData): ColumnContent {
  if (kind !== "leaf" || leaves[0]?.repetitionLevel !== 0 || schema.length === 0) return "other";
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === "BYTE_ARRAY" && (converted === "JSON" || logical?.type === "JSON")) return "json";
  if (type === "BYTE_ARRAY" && isDeclaredText(element)) return "text";
  if (type === "BOOLEAN") return "boolean";
  if (type === "DOUBLE" && logical === undefined) return "number";
  const isTime = logical?.type === "TIMESTAMP" && logical.isAdjustedToUTC && logical.unit === "MILLIS";
  return type === "INT64" && isTime ? "milliseconds" : "other";
}

function groupOf(file: ParquetSource, nodes: ReadonlyMap<string, ParquetNode>, group: RowGroup): ColumnGroup {
  const statistics = (name: string) => {
    const [place] = (nodes.get(name) as ParquetNode).leaves;
    return group.columns[place!.index]?.meta_data?.statistics;
  };
  return {
    rows: Number(group.num_rows),
    bounds(name) {
      const { min_value, max_value } = statistics(name) ?? {};
      const [least, greatest] = [momentOf(min_value), momentOf(max_value)];
      return least === undefined || greatest === undefined ? undefined : { least, greatest };
    },
    nulls(name) {
      const { null_count: nulls } = statistics(name) ?? {};
      return nulls === undefined ? undefined : Number(nulls);
    },
    open(name, convert = (stored) => stored) {
      const [place] = (nodes.get(name) as ParquetNode).leaves;
      if (place === undefined) throw new ParquetError("damaged", `there is no column "${name}"`);
      return new FlatLeaf(file, pagedColumn(place, group, convert), heldOf(8));
    },
  };
}

/** Statistics of times are dates already. */
function momentOf(value: unknown): number | undefined {
  return value instanceof Date ? value.getTime() : typeof value === "bigint" ? Number(value) : undefined;
}
