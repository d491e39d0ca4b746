/** Makes the pages of a Parquet column chunk of a column's values. They are compressed beside this thread. */
import type { Encoding, PageHeader, ParquetType, Statistics } from "hyparquet";
import { DECIMAL_BYTES, LENGTH_BYTES, WORD_BYTES } from "./parquet_column_types.ts";
import { PackedChunk, type Page } from "./packed_chunk.ts";
import { ParquetRuns } from "./parquet_runs.ts";
import type { ParquetValues } from "./parquet_values.ts";

/** Readers hold a page of each column. A column with fewer values has one page. */
const PAGE_ROWS = 16 * 1024;

const NO_LEVELS = new Uint8Array(0);

/** Makes one chunk after another, of any column. */
export class ParquetChunkMaker {
  readonly #levelRuns = new ParquetRuns();
  readonly #indexRuns = new ParquetRuns();
  /** For each row of a page: 1 when it has a value. */
  #levels = new Uint8Array(PAGE_ROWS);

  /**
   * The values are copied: their memory is free for others then.
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
    const bytes = values.bytes.slice(0, values.length);
    const pages: Page[] = hasDictionary ? [dictionaryPage(bytes, values.entryCount)] : [];
    const pageRows = values.count <= PAGE_ROWS ? rows : PAGE_ROWS;
    for (let row = 0, first = 0, at = 0; row < rows; row += pageRows) {
      const rowEnd = Math.min(rows, row + pageRows);
      const levels = this.#levelsOf(rowEnd - row);
      let next = first;
      if (valueRows === undefined) {
        levels.fill(1);
        next = rowEnd;
      } else {
        for (; next < values.count && (valueRows[next] as number) < rowEnd; next++) {
          levels[(valueRows[next] as number) - row] = 1;
        }
      }
      const end = hasDictionary ? at : skipValues(type, values, at, next - first);
      const data = hasDictionary ? this.#indexes(values, first, next - first) : plain(type, bytes, at, end);
      pages.push(this.#page(levels, next - first, encoding, data));
      first = next;
      at = end;
    }
    return new PackedChunk({ type, encoding, hasDictionary, rows, statistics }, pages, bytes);
  }

  #levelsOf(rows: number): Uint8Array {
    if (rows > this.#levels.length) this.#levels = new Uint8Array(rows);
    return this.#levels.subarray(0, rows).fill(0);
  }

  #indexes({ indexes, entryCount }: ParquetValues, start: number, count: number): Uint8Array {
    const bitWidth = 32 - Math.clz32(entryCount - 1);
    return this.#indexRuns.pack(indexes.subarray(start, start + count), count, bitWidth, bitWidth).slice();
  }

  #page(levels: Uint8Array, count: number, encoding: Encoding, data: Uint8Array): Page {
    const packedLevels = this.#levelRuns.pack(levels, levels.length, 1).slice();
    const header: PageHeader = {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: packedLevels.length + data.length,
      compressed_page_size: 0,
      data_page_header_v2: {
        num_values: levels.length,
        num_nulls: levels.length - count,
        num_rows: levels.length,
        encoding,
        definition_levels_byte_length: packedLevels.length,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    };
    return { header, levels: packedLevels, data };
  }
}

function dictionaryPage(bytes: Uint8Array, entries: number): Page {
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
