/** The row groups of a Parquet file that is being written: when one ends, and what the end of the file says of them. */
import type { ColumnChunk, KeyValue } from "hyparquet";
import type { ParquetWriter } from "hyparquet-writer/src/parquet-writer.js";
import type { Column } from "../table/record_encoder.ts";
import type { PackedChunk, PackedChunks, RowGroupChunks } from "./packed_chunk.ts";
import type { ParquetColumn } from "./parquet_column.ts";
import { JSON_COLUMNS_KEY } from "./parquet_column_types.ts";

/** Named in files as what wrote them, where nobody says otherwise. */
export const CREATED_BY = "mp";

/** A row group ends with so many bytes, if not with its rows. Fewer and larger ones are read faster, and need more memory. */
const MAX_BYTES = 16 * 1024 * 1024;

/** After so many bytes of lines it is looked at how much is held. */
const WEIGHED_BYTES = 256 * 1024;

/** Says when so much is held that a row group has to end. Looking costs more than adding a value. */
export class GroupGauge {
  /** Of lines since it was looked at how much is held. */
  #unweighedBytes = 0;

  add(lineBytes: number): void {
    this.#unweighedBytes += lineBytes;
  }

  isFull(columns: readonly (ParquetColumn | undefined)[]): boolean {
    if (this.#unweighedBytes < WEIGHED_BYTES) return false;
    this.#unweighedBytes = 0;
    return heldBytes(columns) >= MAX_BYTES;
  }
}

export function heldBytes(columns: readonly (ParquetColumn | undefined)[]): number {
  let sum = 0;
  for (const column of columns) sum += column?.heldBytes ?? 0;
  return sum;
}

/**
 * Adds chunks for columns of the file that row groups have none of, when all that they have is written.
 *
 * @param order of the columns of the file, in the groups
 * @param nullsOf makes a chunk of so many rows for a column
 */
export function addNulls(
  groups: readonly RowGroupChunks[],
  order: readonly number[],
  nullsOf: (index: number, rows: number) => PackedChunk,
  packed: PackedChunks,
): void {
  for (const group of groups) {
    for (const index of order) {
      if (group.chunks[index] === undefined) packed.add(nullsOf(index, group.rows), group, index);
    }
  }
}

/**
 * Tells the file of its row groups.
 *
 * @param order of the columns of the file, in the groups
 */
export function addRowGroups(file: ParquetWriter, groups: readonly RowGroupChunks[], order: readonly number[]): void {
  for (const { rows, chunks } of groups) {
    const columns = order.map((index, place): ColumnChunk => {
      const chunk = chunks[index]!;
      const path_in_schema = [file.schema[place + 1]!.name];
      return { ...chunk, meta_data: { ...chunk.meta_data, path_in_schema } };
    });
    const sum = (size: "total_uncompressed_size" | "total_compressed_size") =>
      columns.reduce((all, { meta_data }) => all + (meta_data?.[size] ?? 0n), 0n);
    file.row_groups.push({
      columns,
      num_rows: BigInt(rows),
      total_byte_size: sum("total_uncompressed_size"),
      total_compressed_size: sum("total_compressed_size"),
    });
    file.num_rows += BigInt(rows);
  }
}

/** What a file keeps beside its rows: these facts, and the names of its columns of JSON. */
export function fileFacts(columns: readonly Column[], facts: Readonly<Record<string, string>>): KeyValue[] {
  const names = columns.filter(({ type }) => type === "json").map(({ name }) => name);
  const all = names.length === 0 ? facts : { ...facts, [JSON_COLUMNS_KEY]: JSON.stringify(names) };
  return Object.entries(all).map(([key, value]) => ({ key, value }));
}
