/** Makes the pages of a Parquet column chunk of a column's values. They are compressed beside this thread. */
import type { Encoding, PageHeader, ParquetType, Statistics } from "hyparquet";
import { DECIMAL_BYTES, LENGTH_BYTES, WORD_BYTES } from "./parquet_column_types.ts";
import { PackedChunk, type UnpackedPage } from "./packed_chunk.ts";
import { ParquetRuns } from "./parquet_runs.ts";
import type { ParquetValues } from "./parquet_values.ts";
import { ValueMemory } from "./value_memory.ts";

/** Readers hold a page of each column. A column with fewer values has one page. */
const PAGE_ROWS = 16 * 1024;

const NO_LEVELS = new Uint8Array(0);

/** Makes one chunk after another, of any column. */
export class ParquetChunkMaker {
  readonly #levelRuns = new ParquetRuns();
  readonly #indexRuns = new ParquetRuns();
  readonly #memory = new ValueMemory();
  /** For each row of a page: 1 when it has a value. */
  #levels = new Uint8Array(PAGE_ROWS);

  /**
   * Clears the values.
   *
   * @param type BOOLEAN with a byte for each value, INT64, DOUBLE, BYTE_ARRAY, or FIXED_LEN_BYTE_ARRAY of decimals
   * @param valueRows the row of each value; undefined when each row has one
   */
  make(
    type: ParquetType,
    values: ParquetValues,
    statistics: Statistics,
    valueRows: Int32Array | undefined,
    rows: number,
  ): PackedChunk {
    const hasDictionary = values.isDictionary && values.count > 0;
    const encoding: Encoding = hasDictionary ? "RLE_DICTIONARY" : "PLAIN";
    const { bytes, length } = values;
    const pages: UnpackedPage[] = hasDictionary ? [dictionaryPage(bytes.subarray(0, length), values.entryCount)] : [];
    const pageRows = values.count <= PAGE_ROWS ? rows : PAGE_ROWS;
    for (let row = 0, first = 0, at = 0; row < rows; row += pageRows) {
      const rowEnd = Math.min(rows, row + pageRows);
      const next = valueRows === undefined ? rowEnd : this.#noteLevels(valueRows, first, values.count, row, rowEnd);
      const end = hasDictionary ? at : skipValues(type, values, at, next - first);
      const data = hasDictionary ? this.#indexes(values, first, next - first) : plain(type, bytes, at, end);
      pages.push(this.#page(rowEnd - row, next - first, encoding, data));
      first = next;
      at = end;
    }
    values.clear(this.#memory.take(bytes.length));
    const giveBack = () => this.#memory.give(bytes);
    return new PackedChunk({ type, encoding, hasDictionary, rows, statistics }, pages, giveBack);
  }

  /** Notes which rows of a page have values, from the `first` value on. Returns the first that is not in the page. */
  #noteLevels(valueRows: Int32Array, first: number, count: number, row: number, rowEnd: number): number {
    if (rowEnd - row > this.#levels.length) this.#levels = new Uint8Array(rowEnd - row);
    const levels = this.#levels;
    levels.fill(0, 0, rowEnd - row);
    let next = first;
    for (; next < count && (valueRows[next] as number) < rowEnd; next++) levels[(valueRows[next] as number) - row] = 1;
    return next;
  }

  #indexes({ indexes, entryCount }: ParquetValues, start: number, count: number): Uint8Array {
    const bitWidth = 32 - Math.clz32(entryCount - 1);
    return this.#indexRuns.pack(indexes.subarray(start, start + count), count, bitWidth, bitWidth).slice();
  }

  #page(rows: number, count: number, encoding: Encoding, data: Uint8Array): UnpackedPage {
    const runs = this.#levelRuns;
    const packedLevels = (count === rows ? runs.packOne(1, rows, 1) : runs.pack(this.#levels, rows, 1)).slice();
    const header: PageHeader = {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: packedLevels.length + data.length,
      compressed_page_size: 0,
      data_page_header_v2: {
        num_values: rows,
        num_nulls: rows - count,
        num_rows: rows,
        encoding,
        definition_levels_byte_length: packedLevels.length,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    };
    return { header, levels: packedLevels, data };
  }
}

function dictionaryPage(bytes: Uint8Array, entries: number): UnpackedPage {
  const header: PageHeader = {
    type: "DICTIONARY_PAGE",
    uncompressed_page_size: bytes.length,
    compressed_page_size: 0,
    dictionary_page_header: { num_values: entries, encoding: "PLAIN" },
  };
  return { header, levels: NO_LEVELS, data: bytes };
}

/** Where the value begins that comes so many values after the one at `start`. */
function skipValues(type: ParquetType, { view }: ParquetValues, start: number, count: number): number {
  if (type === "BOOLEAN") return start + count;
  if (type === "FIXED_LEN_BYTE_ARRAY") return start + count * DECIMAL_BYTES;
  if (type !== "BYTE_ARRAY") return start + count * WORD_BYTES;
  let at = start;
  for (let left = count; left > 0; left--) at += LENGTH_BYTES + view.getInt32(at, true);
  return at;
}

function plain(type: ParquetType, bytes: Uint8Array, start: number, end: number): Uint8Array {
  if (type !== "BOOLEAN") return bytes.subarray(start, end);
  const bits = new Uint8Array((end - start + 7) >> 3);
  for (let index = 0; index < end - start; index++) {
    bits[index >> 3] = (bits[index >> 3] as number) | ((bytes[start + index] as number) << (index & 7));
  }
  return bits;
}
