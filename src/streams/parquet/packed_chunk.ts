/** A Parquet column chunk on its way to a file: its pages are being compressed, and then they are written. */
import type { ColumnChunk, ColumnMetaData, Encoding, PageHeader, ParquetType, Statistics } from "hyparquet";
import type { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { writePageHeader } from "hyparquet-writer/src/datapage.js";
import { freeMemory } from "../../runtime/compression/free_memory.ts";
import { zstdBeside } from "../../runtime/compression/zstd_sync.ts";

/** The name of its column is still to be added. */
export type UnnamedChunk = Omit<ColumnChunk, "meta_data"> & { meta_data: Omit<ColumnMetaData, "path_in_schema"> };

/** What of a row group is in the file. A chunk that is not there is all nulls. */
export interface RowGroupChunks {
  rows: number;
  chunks: (UnnamedChunk | undefined)[];
}

/** One that is not compressed yet. */
export interface UnpackedPage {
  /** The compressed size is still to be added. */
  header: PageHeader;
  /** Stand before the data, and are not compressed. */
  levels: Uint8Array;
  /** Nobody may change it. */
  data: Uint8Array;
}

/** What is known of a chunk before its pages are compressed. */
export interface ChunkFacts {
  type: ParquetType;
  encoding: Encoding;
  hasDictionary: boolean;
  rows: number;
  statistics: Statistics;
}

export class PackedChunk {
  /** Resolves when all pages are compressed. */
  readonly packed: Promise<void>;
  isPacked = false;
  /** What it holds until it is written, about. */
  readonly heldBytes: number;
  readonly #facts: ChunkFacts;
  readonly #pages: readonly UnpackedPage[];
  #data: readonly Uint8Array[] = [];

  /** @param onPacked is called when the bytes of pages are of no use any more */
  constructor(facts: ChunkFacts, pages: readonly UnpackedPage[], onPacked: () => void) {
    this.#facts = facts;
    this.#pages = pages;
    this.heldBytes = pages.reduce((sum, { levels, data }) => sum + levels.length + data.length, 0);
    const packing = pages.map(({ data }) => zstdBeside(data));
    this.packed = Promise.all(packing).then((data) => {
      this.#data = data;
      this.isPacked = true;
      onPacked();
    });
    // expected: memory that is not there: whoever waits for the chunk gets the same
    this.packed.catch(() => {});
  }

  /** Writes it to the file, when it is packed. */
  write(writer: ByteWriter): UnnamedChunk {
    const { type, encoding, hasDictionary, rows, statistics } = this.#facts;
    const start = writer.offset;
    let dataStart = start;
    let uncompressedBytes = 0;
    for (const [index, { header, levels }] of this.#pages.entries()) {
      const data = this.#data[index] as Uint8Array;
      if (index === 1 && hasDictionary) dataStart = writer.offset;
      const headerStart = writer.offset;
      writePageHeader(writer, { ...header, compressed_page_size: levels.length + data.length });
      uncompressedBytes += writer.offset - headerStart + header.uncompressed_page_size;
      writer.appendBytes(levels);
      writer.appendBytes(data);
      freeMemory(data);
    }
    return {
      file_offset: BigInt(start),
      meta_data: {
        type,
        codec: "ZSTD",
        num_values: BigInt(rows),
        statistics,
        encodings: hasDictionary ? ["PLAIN", encoding] : [encoding],
        total_uncompressed_size: BigInt(uncompressedBytes),
        total_compressed_size: BigInt(writer.offset - start),
        data_page_offset: BigInt(dataStart),
        ...hasDictionary && { dictionary_page_offset: BigInt(start) },
      },
    };
  }
}

/** So much may wait to be compressed before whoever makes more has to wait, too. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;

/** Limits what is being compressed, of one file or of several that are made at a time. */
export class PackingLimit {
  readonly #packing: PackedChunk[] = [];
  #heldBytes = 0;

  add(chunk: PackedChunk): void {
    this.#packing.push(chunk);
    this.#heldBytes += chunk.heldBytes;
  }

  /** Waits until no more than a few chunks are not compressed. */
  async settle(): Promise<void> {
    while (this.#packing[0]?.isPacked) this.#removeFirst();
    while (this.#heldBytes > MOST_WAITING_BYTES) {
      const chunk = this.#removeFirst();
      if (!chunk.isPacked) await chunk.packed;
    }
  }

  #removeFirst(): PackedChunk {
    const first = this.#packing.shift() as PackedChunk;
    this.#heldBytes -= first.heldBytes;
    return first;
  }
}

/** Chunks of one file that are being compressed, in the order in which they are written. */
export class PackedChunks {
  readonly #limit: PackingLimit;
  #waiting: { chunk: PackedChunk; group: RowGroupChunks; index: number }[] = [];

  /** @param limit shared with other files */
  constructor(limit = new PackingLimit()) {
    this.#limit = limit;
  }

  /** Adds a chunk, which becomes the one of this column of a row group. */
  add(chunk: PackedChunk, group: RowGroupChunks, index: number): void {
    this.#waiting.push({ chunk, group, index });
    this.#limit.add(chunk);
  }

  /** Waits until no more than a few of them are not compressed, and of those that share the limit. */
  async settle(): Promise<void> {
    await this.#limit.settle();
  }

  /** Waits until all are compressed. */
  async settleAll(): Promise<void> {
    for (const { chunk } of this.#waiting) await chunk.packed;
  }

  /** Whether all that waits of the first row group can be written. */
  get hasReadyGroup(): boolean {
    const group = this.#waiting[0]?.group;
    if (group === undefined) return false;
    for (const one of this.#waiting) {
      if (one.group !== group) return true;
      if (!one.chunk.isPacked) return false;
    }
    return true;
  }

  /** Writes those that are compressed, up to the first that is not. */
  write(writer: ByteWriter): void {
    let count = 0;
    for (; this.#waiting[count]?.chunk.isPacked; count++) {
      const { chunk, group, index } = this.#waiting[count]!;
      group.chunks[index] = chunk.write(writer);
    }
    this.#waiting.splice(0, count);
  }
}
