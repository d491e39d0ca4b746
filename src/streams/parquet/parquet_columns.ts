/** A Parquet file column by column: for who needs few of them, and no records. */
import { type FileMetaData, parquetSchema, type RowGroup, type SchemaElement } from "hyparquet";
import { ParquetError } from "./parquet_error.ts";
import { FlatLeaf } from "./flat_leaf.ts";
import { type LeafPlace, nodesOf, type ParquetNode } from "./parquet_nodes.ts";
import { heldOf, type ParquetSource } from "./parquet_pages.ts";
import { metadataOf } from "./parquet_directory.ts";
import { declareJson, declareTimes, pagedColumn } from "./parquet_records.ts";
import { type Conversion, isDeclaredText, isUnsigned } from "./parquet_types.ts";

/**
 * What a column holds: texts as bytes, JSON, times, which are read as milliseconds since 1970, numbers, whole numbers that a
 * double holds, or true and false. `other` is anything else.
 */
export type ColumnContent = "text" | "json" | "time" | "number" | "integer" | "boolean" | "other";

/** Rows that lie together. */
export interface ColumnGroup {
  rows: number;
  /** The least and the greatest of a column of times or numbers; undefined where the file does not say. */
  bounds(name: string): { least: number; greatest: number } | undefined;
  /** How many rows have no value; undefined where the file does not say. */
  nulls(name: string): number | undefined;
  /** Reads a column from its first row on; see `FlatLeaf`. What is stored is good for as long as `convert` takes. */
  open(name: string, convert?: Conversion): FlatLeaf;
}

/** The columns of a file. */
export interface ColumnFile {
  /** Names the program that wrote it. */
  writer: string;
  names: readonly string[];
  /** What a column holds; undefined where there is none of the name. */
  content(name: string): ColumnContent | undefined;
  groups: readonly ColumnGroup[];
}

/** @throws ParquetError when this is not Parquet, or damaged */
export async function parquetColumns(file: ParquetSource): Promise<ColumnFile> {
  const metadata = await metadataOf(file);
  declareJson(metadata);
  declareTimes(metadata);
  const nodes = new Map(nodesOf(parquetSchema(metadata)).map((node) => [node.name, node]));
  return {
    writer: metadata.created_by ?? "",
    names: [...nodes.keys()],
    content(name) {
      const node = nodes.get(name);
      return node && contentOf(node, metadata);
    },
    groups: metadata.row_groups.map((group) => groupOf(file, nodes, group)),
  };
}

function contentOf(node: ParquetNode, { schema, row_groups: groups }: FileMetaData): ColumnContent {
  const { kind, element, leaves } = node;
  const [place] = leaves;
  if (kind !== "leaf" || place?.repetitionLevel !== 0 || schema.length === 0) return "other";
  const { type, converted_type: converted, logical_type: logical } = element;
  if (type === "BYTE_ARRAY" && (converted === "JSON" || logical?.type === "JSON")) return "json";
  if (type === "BYTE_ARRAY" && isDeclaredText(element)) return "text";
  if (type === "BOOLEAN") return "boolean";
  if (timeDivisor(element) !== undefined) return "time";
  if (type === "DOUBLE" && logical === undefined) return "number";
  const isWhole = logical?.type === "INTEGER" || (logical === undefined && converted === undefined);
  if ((type !== "INT64" && type !== "INT32") || !isWhole || isUnsigned(element)) return "other";
  const bounds = groups.map((group) => boundsOf(group, place.index));
  return bounds.every((one) => one !== undefined && -one.least <= MOST_EXACT && one.greatest <= MOST_EXACT)
    ? "integer"
    : "other";
}

const MOST_EXACT = Number.MAX_SAFE_INTEGER;
const DIVISORS = { MILLIS: 1, MICROS: 1000, NANOS: 1_000_000 };

/** What makes milliseconds of the times of a column. Those without a zone are taken for times of UTC. */
function timeDivisor({ type, converted_type: converted, logical_type: logical }: SchemaElement): number | undefined {
  if (type !== "INT64") return undefined;
  if (logical?.type === "TIMESTAMP") return DIVISORS[logical.unit];
  if (logical !== undefined) return undefined;
  return converted === "TIMESTAMP_MILLIS" ? 1 : converted === "TIMESTAMP_MICROS" ? 1000 : undefined;
}

function boundsOf(group: RowGroup, column: number): { least: number; greatest: number } | undefined {
  const { min_value, max_value } = group.columns[column]?.meta_data?.statistics ?? {};
  const [least, greatest] = [numberOf(min_value), numberOf(max_value)];
  return least === undefined || greatest === undefined ? undefined : { least, greatest };
}

function groupOf(file: ParquetSource, nodes: ReadonlyMap<string, ParquetNode>, group: RowGroup): ColumnGroup {
  const placeOf = (name: string): LeafPlace => {
    const place = nodes.get(name)?.leaves[0];
    if (place === undefined) throw new ParquetError("damaged", `there is no column "${name}"`);
    return place;
  };
  return {
    rows: Number(group.num_rows),
    bounds: (name) => boundsOf(group, placeOf(name).index),
    nulls(name) {
      const { null_count: nulls } = group.columns[placeOf(name).index]?.meta_data?.statistics ?? {};
      return nulls === undefined ? undefined : Number(nulls);
    },
    open(name, convert) {
      const place = placeOf(name);
      const divisor = timeDivisor(place.node.element) ?? 1;
      const divided: Conversion = (stored) => divisor === 1 ? stored : (stored as bigint) / BigInt(divisor);
      return new FlatLeaf(file, { ...pagedColumn(place, group, convert ?? divided), divisor }, heldOf(8));
    },
  };
}

/** Statistics of times are dates already. */
function numberOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  return typeof value === "bigint" || typeof value === "number" ? Number(value) : undefined;
}
