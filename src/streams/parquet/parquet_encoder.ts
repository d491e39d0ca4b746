/**
 * JSON Lines to Parquet, row group by row group: what is held is one row group, and of those before only what the end
 * of the file says about them.
 *
 * Values go from the bytes of the records to those of the pages; `hyparquet-writer` writes the file around them.
 */
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { ParquetWriter } from "hyparquet-writer/src/parquet-writer.js";
import { snappyCompressor } from "hysnappy";
import { JsonKind } from "../json/json_spans.ts";
import { ParquetChunkWriter } from "./parquet_chunk.ts";
import { JSON_COLUMNS_KEY } from "./parquet_column_types.ts";
import { ParquetColumn, parquetSchema } from "./parquet_column.ts";
import type { Column, EncodingReport, RecordEncoder } from "../table/record_encoder.ts";
import type { RecordLayout } from "../table/record_layout.ts";
import { MisfitError } from "../table/record_misfit.ts";
import { RecordRows } from "../table/record_rows.ts";

const LINE_FEED = 10;

/** A row group ends at the first of these. Fewer and larger ones are read faster, and need more memory. */
const MAX_ROWS = 64 * 1024, MAX_BYTES = 16 * 1024 * 1024;

export interface ParquetOptions {
  /** What has no column is left out; else `encode` throws a `MisfitError` for it. */
  isSelection?: boolean;
  /** The name of a column for what has none, and for values that are not of their column's type. */
  rest?: string;
  /** Named in the file as what wrote it. */
  createdBy?: string;
  /** Facts that are kept in the file, such as the range of an export. */
  metadata?: Readonly<Record<string, string>>;
}

/**
 * An encoder with typed columns: BOOLEAN, INT64, DOUBLE, TIMESTAMP, UTF-8 and JSON, compressed with Snappy. `encode` throws a
 * `MisfitError` for a value that its column cannot hold as it is, unless there is a column of the rest.
 */
export function parquetEncoder(
  columns: readonly Column[],
  layout: RecordLayout,
  options: ParquetOptions,
): RecordEncoder {
  return new ParquetRecordEncoder(columns, layout, options);
}

function jsonColumns(columns: readonly Column[]): Record<string, string> {
  return { [JSON_COLUMNS_KEY]: JSON.stringify(columns.filter(({ type }) => type === "json").map(({ name }) => name)) };
}

class ParquetRecordEncoder implements RecordEncoder {
  readonly #rows: RecordRows;
  readonly #columns: ParquetColumn[];
  readonly #output = new ByteWriter(64 * 1024);
  readonly #file: ParquetWriter;
  readonly #chunks = new ParquetChunkWriter(snappyCompressor());
  /** Of the row group that is being filled. */
  #rowCount = 0;
  #heldBytes = 0;

  readonly #rest: ParquetColumn | undefined;

  constructor(columns: readonly Column[], layout: RecordLayout, options: ParquetOptions) {
    const { rest, isSelection = false } = options;
    this.#rows = new RecordRows(columns, layout, isSelection ? "drop" : rest === undefined ? "refuse" : "collect");
    const restColumn: Column[] = rest === undefined ? [] : [{ name: rest, type: "json" }];
    const all = [...columns, ...restColumn];
    this.#columns = all.map((column) => new ParquetColumn(column, rest !== undefined, this.#rows.spans.replaced));
    if (rest !== undefined) this.#rest = this.#columns.at(-1);
    this.#file = new ParquetWriter({
      writer: this.#output,
      schema: parquetSchema(all, rest !== undefined),
      createdBy: options.createdBy ?? "mp",
      kvMetadata: Object.entries({ ...options.metadata, ...rest !== undefined && jsonColumns(all) })
        .map(([key, value]) => ({ key, value })),
    });
  }

  begin(): Uint8Array {
    return this.#handOver();
  }

  encode(lines: Uint8Array): Uint8Array {
    let line = 0;
    for (let start = 0; start < lines.length;) {
      const feed = lines.indexOf(LINE_FEED, start);
      const end = feed < 0 ? lines.length : feed;
      this.#rows.read(lines, start, end, ++line);
      this.#addRow(lines, line);
      if (this.#rowCount === MAX_ROWS || this.#heldBytes >= MAX_BYTES) this.#writeRowGroup();
      start = end + 1;
    }
    return this.#handOver();
  }

  get report(): EncodingReport {
    return { others: this.#rows.others, nuls: 0, replaced: this.#rows.spans.replaced.texts };
  }

  end(): Uint8Array {
    if (this.#rowCount > 0) this.#writeRowGroup();
    this.#file.finish();
    return this.#handOver();
  }

  #addRow(bytes: Uint8Array, line: number): void {
    const { members, present, presentCount, spans } = this.#rows;
    for (let index = 0; index < presentCount; index++) {
      const number = present[index] as number;
      const member = members[number] as number;
      if (spans.kind[member] === JsonKind.null) continue;
      const column = this.#columns[number] as ParquetColumn;
      const heldBefore = column.heldBytes;
      const reason = column.add(this.#rowCount, bytes, spans, member);
      if (reason !== undefined) {
        if (this.#rest === undefined) throw new MisfitError(reason, line, this.#file.schema[number + 1]?.name);
        this.#rows.setAside(member);
      }
      this.#heldBytes += column.heldBytes - heldBefore;
    }
    if (this.#rest !== undefined && this.#rows.hasRest) {
      const room = this.#rows.restRoom();
      this.#rest.addWritten(this.#rowCount, room, (out, to) => this.#rows.writeRest(bytes, out, to));
      this.#heldBytes += room;
    }
    this.#rowCount++;
  }

  #writeRowGroup(): void {
    const start = this.#output.offset;
    const rows = this.#rowCount;
    const columns = this.#columns.map((column) => column.writeChunk(this.#chunks, this.#output, rows));
    this.#file.row_groups.push({
      columns,
      num_rows: BigInt(rows),
      total_byte_size: columns.reduce((sum, { meta_data }) => sum + (meta_data?.total_uncompressed_size ?? 0n), 0n),
      total_compressed_size: BigInt(this.#output.offset - start),
    });
    this.#file.num_rows += BigInt(rows);
    this.#rowCount = 0;
    this.#heldBytes = 0;
  }

  /** What was written since the last time. */
  #handOver(): Uint8Array {
    const bytes = this.#output.getBytes();
    this.#output.index = 0;
    return bytes;
  }
}
