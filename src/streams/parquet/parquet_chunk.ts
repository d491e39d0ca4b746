/** Writes the values of a column as the pages of a Parquet column chunk. */
import type { ColumnMetaData, Encoding, ParquetType } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { DECIMAL_BYTES, LENGTH_BYTES, WORD_BYTES } from "./parquet_column_types.ts";
import { ParquetRuns } from "./parquet_runs.ts";
import type { ParquetValues } from "./parquet_values.ts";

/** Readers hold a page of each column. A column with fewer values has one page. */
const PAGE_ROWS = 16 * 1024;

/** What is known about a chunk when it is written. */
export type ChunkInfo = Pick<
  ColumnMetaData,
  | "encodings"
  | "total_uncompressed_size"
  | "total_compressed_size"
  | "data_page_offset"
  | "dictionary_page_offset"
>;

/** Writes one chunk after another, of any column. */
export class ParquetChunkWriter {
  readonly #compress: (bytes: Uint8Array) => Uint8Array;
  readonly #levelRuns = new ParquetRuns();
  readonly #indexRuns = new ParquetRuns();
  /** For each row of a page: 1 when it has a value. */
  #levels = new Uint8Array(PAGE_ROWS);

  /** @param compress by the Snappy format */
  constructor(compress: (bytes: Uint8Array) => Uint8Array) {
    this.#compress = compress;
  }

  /**
   * @param type BOOLEAN with a byte for each value, INT64, DOUBLE, BYTE_ARRAY, or FIXED_LEN_BYTE_ARRAY of decimals
   * @param valueRows the row of each value; undefined when each row has one
   */
  write(
    writer: ByteWriter,
    type: ParquetType,
    values: ParquetValues,
    valueRows: Int32Array | undefined,
    rows: number,
  ): ChunkInfo {
    const start = writer.offset;
    const hasDictionary = values.isDictionary && values.count > 0;
    const encoding: Encoding = hasDictionary ? "RLE_DICTIONARY" : "PLAIN";
    let uncompressedBytes = hasDictionary ? this.#writeDictionary(writer, values) : 0;
    const dataStart = writer.offset;
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
      const data = hasDictionary ? this.#indexes(values, first, next - first) : plain(type, values, at, end);
      uncompressedBytes += this.#writePage(writer, levels, next - first, encoding, data);
      first = next;
      at = end;
    }
    return {
      encodings: hasDictionary ? ["PLAIN", encoding] : [encoding],
      total_uncompressed_size: BigInt(uncompressedBytes),
      total_compressed_size: BigInt(writer.offset - start),
      data_page_offset: BigInt(dataStart),
      ...(hasDictionary && { dictionary_page_offset: BigInt(start) }),
    };
  }

  #levelsOf(rows: number): Uint8Array {
    if (rows > this.#levels.length) this.#levels = new Uint8Array(rows);
    return this.#levels.subarray(0, rows).fill(0);
  }

  #indexes({ indexes, entryCount }: ParquetValues, start: number, count: number): Uint8Array {
    const bitWidth = 32 - Math.clz32(entryCount - 1);
    return this.#indexRuns.pack(indexes.subarray(start, start + count), count, bitWidth, bitWidth);
  }

  /** Returns the bytes before compression, header included. */
  #writeDictionary(writer: ByteWriter, { bytes, length, entryCount }: ParquetValues): number {
    const compressed = this.#compress(bytes.subarray(0, length));
    const start = writer.offset;
    writePageHeader(writer, {
      type: "DICTIONARY_PAGE",
      uncompressed_page_size: length,
      compressed_page_size: compressed.length,
      dictionary_page_header: { num_values: entryCount, encoding: "PLAIN" },
    });
    const headerBytes = writer.offset - start;
    writer.appendBytes(compressed);
    return headerBytes + length;
  }

  /** Returns the bytes before compression, header included. */
  #writePage(writer: ByteWriter, levels: Uint8Array, count: number, encoding: Encoding, data: Uint8Array): number {
    const packedLevels = this.#levelRuns.pack(levels, levels.length, 1);
    const compressed = this.#compress(data);
    const start = writer.offset;
    writePageHeader(writer, {
      type: "DATA_PAGE_V2",
      uncompressed_page_size: packedLevels.length + data.length,
      compressed_page_size: packedLevels.length + compressed.length,
      data_page_header_v2: {
        num_values: levels.length,
        num_nulls: levels.length - count,
        num_rows: levels.length,
        encoding,
        definition_levels_byte_length: packedLevels.length,
        repetition_levels_byte_length: 0,
        is_compressed: true,
      },
    });
    const headerBytes = writer.offset - start;
    writer.appendBytes(packedLevels);
    writer.appendBytes(compressed);
    return headerBytes + packedLevels.length + data.length;
  }
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

function plain(type: ParquetType, { bytes }: ParquetValues, start: number, end: number): Uint8Array {
  if (type !== "BOOLEAN") return bytes.subarray(start, end);
  const bits = new Uint8Array((end - start + 7) >> 3);
  for (let index = 0; index < end - start; index++) {
    bits[index >> 3] = (bits[index >> 3] as number) | ((bytes[start + index] as number) << (index & 7));
  }
  return bits;
}
