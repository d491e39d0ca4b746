/** Reads a column of a Parquet row group page by page, so that only one page of it is held. */
import type { AsyncBuffer, ColumnMetaData, DecodedArray, PageHeader } from "hyparquet";
import { parquetHeader, readPage } from "hyparquet/src/column.js";
import { convert } from "hyparquet/src/convert.js";

type ColumnDecoder = Parameters<typeof readPage>[2];

/** A header is a few hundred bytes, or as long as the bounds that it holds. */
const HEADER_BYTES = 64 * 1024;

export class ParquetCursor {
  /** The values of a page, those already taken among them. */
  values: DecodedArray = [];
  /** The next value in `values`. */
  at = 0;
  readonly #file: AsyncBuffer;
  readonly #decoder: ColumnDecoder;
  readonly #windowBytes: number;
  #dictionary: DecodedArray | undefined;
  /** Where the next page begins, and where the column ends. */
  #next: number;
  readonly #end: number;
  /** Bytes of the file from `#windowStart`. */
  #window = new Uint8Array(0);
  #windowStart = 0;

  /** @param windowBytes how much is read from the file at once, when a page does not need more */
  constructor(file: AsyncBuffer, chunk: ColumnMetaData, decoder: ColumnDecoder, windowBytes: number) {
    this.#file = file;
    this.#decoder = decoder;
    this.#windowBytes = windowBytes;
    this.#next = Number(chunk.dictionary_page_offset || chunk.data_page_offset);
    this.#end = this.#next + Number(chunk.total_compressed_size);
  }

  /** Goes on to the page with the next value, when this one is used up. Throws when there is none. */
  async advance(): Promise<void> {
    while (this.at >= this.values.length) {
      if (this.#next >= this.#end) throw new Error(`the column "${this.#name}" ends before its rows`);
      const header = await this.#header();
      const bytes = await this.#bytes(this.#next, header.compressed_page_size);
      this.#next += header.compressed_page_size;
      const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
      const { data } = readPage(reader, header, this.#decoder, this.#dictionary, undefined, 0);
      if (data === undefined) continue;
      if (header.type === "DICTIONARY_PAGE") {
        this.#dictionary = convert(data, this.#decoder);
      } else {
        this.values = data;
        this.at = 0;
      }
    }
  }

  get #name(): string {
    return this.#decoder.pathInSchema.join(".");
  }

  async #header(): Promise<PageHeader> {
    const bytes = await this.#bytes(this.#next, Math.min(HEADER_BYTES, this.#end - this.#next));
    const reader = { view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length), offset: 0 };
    const header = parquetHeader(reader);
    this.#next += reader.offset;
    const size = header.compressed_page_size;
    if (!(size >= 0 && this.#next + size <= this.#end)) {
      throw new Error(`a page of the column "${this.#name}" goes beyond its end`);
    }
    return header;
  }

  async #bytes(start: number, length: number): Promise<Uint8Array> {
    if (start < this.#windowStart || start + length > this.#windowStart + this.#window.length) {
      const end = Math.min(this.#end, start + Math.max(length, this.#windowBytes));
      this.#window = new Uint8Array(await this.#file.slice(start, end));
      this.#windowStart = start;
      if (this.#window.length < length) throw new Error("the file ends before its pages");
    }
    return this.#window.subarray(start - this.#windowStart, start - this.#windowStart + length);
  }
}
