/** Reads a column of a Parquet row group page by page, so that only one page of it is held, and of a large one a part. */
import type { ColumnMetaData, CompressionCodec, PageHeader } from "hyparquet";
import { crc32 } from "../crc32.ts";
import { decompressed, type PackedPage } from "./parquet_codecs.ts";
import type { ParquetDictionary } from "./parquet_dictionary.ts";
import { pageHeader } from "./page_header.ts";
import { ParquetError } from "./parquet_error.ts";
import { type Free, PageBytes } from "./parquet_page_bytes.ts";
import {
  dictionaryValues,
  isPlaced,
  type PlacedValues,
  placedValues,
  type ValueColumn,
  type ValueReader,
  valueReader,
  valuesAtPlaces,
} from "./parquet_page_values.ts";
import { ParquetLevels } from "./parquet_levels.ts";
import { RunReader } from "./parquet_run_reader.ts";

/** Bytes that can be read in any order. */
export interface ParquetSource {
  readonly byteLength: number;
  slice(start: number, end?: number): Promise<Uint8Array>;
  free?: Free;
}

/** A header is a few hundred bytes, or as long as the bounds that it holds. */
const HEADER_BYTES = 8 * 1024;
const LONGEST_HEADER_BYTES = 16 * 1024 * 1024;

/** How much of a column is held at a time. */
export interface HeldBytes {
  /** Is read from the file at once, when a page does not need more. */
  window: number;
  /** Larger pages are held in parts, where their compression can be undone so. */
  page: number;
  /** Is held of a page that is larger. */
  part: number;
}

const KIB = 1024;
/** Of all columns together. */
const HELD_BYTES = 16 * KIB * KIB;

/** What is held of each of so many columns. */
export function heldOf(columns: number): HeldBytes {
  const share = HELD_BYTES / Math.max(1, columns);
  const within = (bytes: number, least: number, most: number) =>
    Math.floor(Math.max(least * KIB, Math.min(most * KIB, bytes)));
  return { window: within(share / 2, 16, 4096), page: within(share, 64, 4096), part: within(share / 4, 16, 256) };
}

/** A column of a row group, and how deep its values lie in lists and in what may be null. */
export interface PagedColumn extends ValueColumn {
  /** For messages. */
  name: string;
  chunk: ColumnMetaData;
  repetitionLevel: number;
  definitionLevel: number;
  /** What whole numbers are divided by where a column is read as numbers, rounded down. Default 1. */
  divisor?: number;
}

/** A page of values: one entry for each value, and for each null and each list without values. */
export interface Page {
  entries: number;
  /** For each entry; unset when all are 0. */
  repetitions?: Uint8Array;
  /** For each entry; unset when none is null. */
  definitions?: ParquetLevels;
  /** How many entries have a value. */
  valueCount: number;
  values: ValueReader;
  /** In place of `values`, where they stand in a dictionary. */
  placed?: PlacedValues;
  /** In place of `values`, where they lie one after another as they are. */
  plain?: PageBytes;
}

/** What a page's bytes should add up to, after other bytes of which `before` is the sum. */
interface CheckSum {
  sum: number;
  before: number;
}

export class ParquetPages {
  readonly #file: ParquetSource;
  readonly #free: Free;
  readonly #column: PagedColumn;
  readonly #held: HeldBytes;
  #dictionary: ParquetDictionary | undefined;
  /** Where the next page begins, and where the column ends. */
  #next: number;
  readonly #end: number;
  /** Entries that pages have not had. */
  #entriesLeft: number;
  /** Those of the page that is read. */
  #page: PageBytes | undefined;
  /** Bytes of the file from `#windowStart`. */
  #window: Uint8Array = new Uint8Array(0);
  #windowStart = 0;

  constructor(file: ParquetSource, column: PagedColumn, held: HeldBytes) {
    this.#file = file;
    this.#free = file.free ?? (() => {});
    this.#column = column;
    this.#held = held;
    const { chunk } = column;
    const first = Number(chunk.data_page_offset), dictionary = Number(chunk.dictionary_page_offset ?? 0);
    this.#next = dictionary > 0 && dictionary < first ? dictionary : first;
    this.#end = this.#next + Number(chunk.total_compressed_size);
    this.#entriesLeft = Number(chunk.num_values);
    if (!(this.#next >= 0 && this.#end <= file.byteLength)) {
      throw new ParquetError("damaged", "it lies beyond the file");
    }
  }

  /** The next page of values; undefined after the last. Nothing of the one before is good any more. */
  async next(): Promise<Page | undefined> {
    this.#releasePage();
    while (this.#entriesLeft > 0) {
      if (this.#next >= this.#end) throw new ParquetError("damaged", "it ends before its rows");
      const header = await this.#header();
      const start = this.#next;
      this.#next += header.compressed_page_size;
      switch (header.type) {
        case "DICTIONARY_PAGE":
          await this.#takeDictionary(start, header);
          break;
        case "DATA_PAGE":
          return await this.#dataPage(start, header);
        case "DATA_PAGE_V2":
          return await this.#dataPage2(start, header);
      }
    }
    return undefined;
  }

  /** Frees what is held. */
  close(): void {
    this.#releasePage();
    this.#free(this.#window);
    this.#window = new Uint8Array(0);
  }

  async #takeDictionary(start: number, header: PageHeader): Promise<void> {
    const count = this.#checkCount(header.dictionary_page_header?.num_values, Infinity);
    const bytes = await this.#decompressed(start, header);
    this.#dictionary = await dictionaryValues(bytes, this.#column, count, this.#held.page);
    this.#releasePage();
  }

  async #dataPage(start: number, header: PageHeader): Promise<Page> {
    const { repetitionLevel, definitionLevel } = this.#column;
    const data = header.data_page_header;
    const entries = this.#takeEntries(data?.num_values);
    const bytes = await this.#decompressed(start, header);
    const levels = async (encoding: string | undefined) => {
      if (encoding === "BIT_PACKED") throw new ParquetError("unsupported", "its levels are BIT_PACKED");
      await bytes.need(4);
      const length = bytes.takeUint32();
      await bytes.need(length);
      return bytes.take(length);
    };
    const repetitions = repetitionLevel === 0
      ? undefined
      : levelsOf(await levels(data?.repetition_level_encoding), repetitionLevel, entries);
    const definitions = definitionLevel === 0
      ? undefined
      : new ParquetLevels(await levels(data?.definition_level_encoding), definitionLevel, entries);
    return await this.#pageOf(bytes, entries, repetitions, definitions, data?.encoding);
  }

  async #dataPage2(start: number, header: PageHeader): Promise<Page> {
    const { repetitionLevel, definitionLevel, chunk } = this.#column;
    const data = header.data_page_header_v2;
    if (data === undefined) throw new ParquetError("damaged", "a page has no header of its kind");
    const entries = this.#takeEntries(data.num_values);
    const repetitionBytes = this.#checkCount(data.repetition_levels_byte_length, header.compressed_page_size);
    const definitionBytes = this.#checkCount(data.definition_levels_byte_length, header.compressed_page_size);
    const levelBytes = this.#checkCount(repetitionBytes + definitionBytes, header.compressed_page_size);
    const levels = await this.#bytes(start, levelBytes);
    const check = header.crc === undefined ? undefined : { sum: header.crc, before: crc32(levels) };
    const repetitions = repetitionLevel === 0
      ? undefined
      : levelsOf(levels.subarray(0, repetitionBytes), repetitionLevel, entries);
    const definitions = definitionLevel === 0
      ? undefined
      : new ParquetLevels(levels.subarray(repetitionBytes), definitionLevel, entries);
    // A page without values has no compressed bytes, or what a compressor makes of none.
    if ((definitions?.full ?? entries) === 0) {
      return { entries, repetitions, definitions, valueCount: 0, values: () => Promise.resolve() };
    }
    const packed = this.#packed(start + levelBytes, {
      packedBytes: header.compressed_page_size - levelBytes,
      bytes: this.#checkCount(header.uncompressed_page_size - levelBytes, Infinity),
    }, check);
    const bytes = await this.#unpack(packed, data.is_compressed === false ? "UNCOMPRESSED" : chunk.codec);
    return await this.#pageOf(bytes, entries, repetitions, definitions, data.encoding);
  }

  async #pageOf(
    bytes: PageBytes,
    entries: number,
    repetitions: Uint8Array | undefined,
    definitions: ParquetLevels | undefined,
    encoding: Parameters<typeof valueReader>[1],
  ): Promise<Page> {
    const count = definitions?.full ?? entries;
    const placed = count > 0 && isPlaced(encoding) ? await placedValues(bytes, this.#dictionary) : undefined;
    const values = placed === undefined
      ? await valueReader(bytes, count === 0 ? "PLAIN" : encoding, this.#column, count)
      : valuesAtPlaces(placed);
    return {
      entries,
      repetitions,
      definitions: count === entries ? undefined : definitions,
      valueCount: count,
      values,
      placed,
      plain: encoding === "PLAIN" ? bytes : undefined,
    };
  }

  #takeEntries(count: number | undefined): number {
    const entries = this.#checkCount(count, this.#entriesLeft);
    this.#entriesLeft -= entries;
    return entries;
  }

  #checkCount(count: number | undefined, most: number): number {
    if (count === undefined || !(count >= 0 && count <= most)) {
      throw new ParquetError("damaged", "a page has more in it than there is");
    }
    return count;
  }

  async #header(): Promise<PageHeader> {
    for (let most = HEADER_BYTES;; most *= 16) {
      const length = Math.min(most, this.#end - this.#next);
      const bytes = await this.#bytes(this.#next, length);
      let read: ReturnType<typeof pageHeader>;
      try {
        read = pageHeader(bytes);
      } catch (cause) {
        if (length < this.#end - this.#next && most < LONGEST_HEADER_BYTES) continue;
        throw new ParquetError("damaged", "a page has no header", { cause });
      }
      const { header } = read;
      this.#next += read.length;
      this.#checkCount(header.compressed_page_size, this.#end - this.#next);
      this.#checkCount(header.uncompressed_page_size, Infinity);
      return header;
    }
  }

  #decompressed(start: number, header: PageHeader): Promise<PageBytes> {
    const sizes = { packedBytes: header.compressed_page_size, bytes: header.uncompressed_page_size };
    const check = header.crc === undefined ? undefined : { sum: header.crc, before: 0 };
    return this.#unpack(this.#packed(start, sizes, check), this.#column.chunk.codec);
  }

  async #unpack(packed: PackedPage, codec: CompressionCodec): Promise<PageBytes> {
    return this.#page = await decompressed(packed, codec, this.#held, this.#free);
  }

  /** An uncompressed page lies in the window, and is freed with it. */
  #releasePage(): void {
    if (this.#page?.bytes.buffer !== this.#window.buffer) this.#page?.release();
    this.#page = undefined;
  }

  #packed(start: number, sizes: { packedBytes: number; bytes: number }, check: CheckSum | undefined): PackedPage {
    return {
      ...sizes,
      whole: async () => {
        const bytes = await this.#bytes(start, sizes.packedBytes);
        if (check !== undefined && crc32(bytes, check.before) !== check.sum) throw wrongSum();
        return bytes;
      },
      parts: () => this.#parts(start, start + sizes.packedBytes, check),
    };
  }

  async *#parts(start: number, end: number, check: CheckSum | undefined): AsyncGenerator<Uint8Array, void> {
    let sum = check?.before ?? 0;
    const { part: most } = this.#held;
    for (let at = start; at < end; at += most) {
      const part = await this.#read(at, Math.min(at + most, end));
      if (check !== undefined) sum = crc32(part, sum);
      if (check !== undefined && at + most >= end && sum !== check.sum) throw wrongSum();
      yield part;
    }
  }

  async #bytes(start: number, length: number): Promise<Uint8Array> {
    if (start < this.#windowStart || start + length > this.#windowStart + this.#window.length) {
      this.#free(this.#window);
      this.#window = await this.#read(start, Math.min(this.#end, start + Math.max(length, this.#held.window)));
      this.#windowStart = start;
    }
    const bytes = this.#window.subarray(start - this.#windowStart, start - this.#windowStart + length);
    return bytes;
  }

  async #read(start: number, end: number): Promise<Uint8Array> {
    const bytes = await this.#file.slice(start, end);
    if (bytes.length < end - start) throw new ParquetError("cut", "the file ends before its pages");
    return bytes;
  }
}

const wrongSum = () => new ParquetError("damaged", "a page does not have its check sum");

function levelsOf(bytes: Uint8Array, most: number, entries: number): Uint8Array {
  const levels = new Uint8Array(entries);
  new RunReader({ bytes, at: 0 }, 32 - Math.clz32(most)).read(levels);
  return levels;
}
