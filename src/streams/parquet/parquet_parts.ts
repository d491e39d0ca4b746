/**
 * Parquet files with the same columns, many of them at a time, of records that come in any order and are scanned elsewhere.
 * The files share the memory of their columns: who has no open row group has none.
 */
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { ParquetWriter } from "hyparquet-writer/src/parquet-writer.js";
import { JsonKind, type JsonSpans } from "../json/json_spans.ts";
import type { Replacements } from "../json/json_text.ts";
import { GROWTH_LIMITS } from "../table/growing_encoder.ts";
import type { Column, EncodingReport } from "../table/record_encoder.ts";
import type { RecordLayout } from "../table/record_layout.ts";
import { RecordRows } from "../table/record_rows.ts";
import type { TableSchema } from "../table/table_schema.ts";
import { type PackedChunk, PackedChunks, PackingLimit, type RowGroupChunks } from "./packed_chunk.ts";
import { ParquetChunkMaker } from "./parquet_chunk.ts";
import { ParquetColumn, parquetSchema } from "./parquet_column.ts";
import { addNulls, addRowGroups, CREATED_BY, fileFacts, GroupGauge, heldBytes } from "./parquet_groups.ts";

/** Rows of a group. */
const GROUP_ROWS = GROWTH_LIMITS.groupRows;

/** The last column is that of the rest. */
type SchemaWithRest = Required<TableSchema>;

/** What the files have in common. */
export class ParquetParts {
  readonly layout: RecordLayout;
  readonly schema: SchemaWithRest;
  readonly isSelection: boolean;
  readonly packing = new PackingLimit();
  readonly #replaced: Replacements;
  readonly #output = new ByteWriter(64 * 1024);
  readonly #chunks = new ParquetChunkMaker();
  /** Columns that no part has. */
  readonly #idle: ParquetColumn[][] = [];

  /**
   * @param replaced counts texts that UTF-8 cannot have
   * @param isSelection what has no column is left out
   */
  constructor(schema: SchemaWithRest, layout: RecordLayout, replaced: Replacements, { isSelection = false } = {}) {
    this.schema = schema;
    this.layout = layout;
    this.#replaced = replaced;
    this.isSelection = isSelection;
  }

  takeColumns(): ParquetColumn[] {
    const { columns, rest } = this.schema;
    return this.#idle.pop() ?? withRest(columns, rest).map((column) => this.#newColumn(column));
  }

  giveBack(columns: ParquetColumn[]): void {
    this.#idle.push(columns);
  }

  /** Writes what comes after the first `offset` bytes of a file, and returns that. */
  write(offset: number, work: (output: ByteWriter) => void): Uint8Array {
    this.#output.offset = offset;
    this.#output.index = 0;
    work(this.#output);
    return this.#output.getBytes().slice();
  }

  /** Ends a row group, whose chunks are put to those that are being compressed. */
  endGroup(columns: readonly ParquetColumn[], group: RowGroupChunks, packed: PackedChunks): void {
    for (const [index, column] of columns.entries()) {
      packed.add(column.takeChunk(this.#chunks, group.rows), group, index);
    }
  }

  #newColumn(column: Column): ParquetColumn {
    return new ParquetColumn(column, true, this.#replaced);
  }

  /** Nulls of so many rows for a column that no part has. */
  nullsOf(column: Column, rows: number): PackedChunk {
    return this.#newColumn(column).takeChunk(this.#chunks, rows);
  }
}

/** One of the files. What it returns is to be written behind what it has returned before. */
export class ParquetPart {
  readonly #parts: ParquetParts;
  readonly #rows: RecordRows;
  readonly #gauge = new GroupGauge();
  readonly #groups: RowGroupChunks[] = [];
  readonly #packed: PackedChunks;
  #file: ParquetWriter | undefined;
  #columns: ParquetColumn[] | undefined;
  #rowCount = 0;
  /** Records so far, and by the numbers of keys the last record that had it, of those with columns. */
  #records = 0;
  #recordOfKey = new Int32Array(64);
  /** Members of the record that do not fit their columns, the last first. */
  readonly #misfits: number[] = [];
  #written: Uint8Array[] = [];
  #bytes = 0;
  #replaced = 0;

  /** @param spans tells of the record that is added, and counts the same texts as the parts do */
  constructor(parts: ParquetParts, spans: JsonSpans) {
    const { schema, layout, isSelection } = parts;
    this.#parts = parts;
    this.#packed = new PackedChunks(parts.packing);
    this.#rows = new RecordRows(schema.columns, layout, isSelection ? "drop" : "collect", undefined, spans);
  }

  get heldBytes(): number {
    return this.#columns === undefined ? 0 : heldBytes(this.#columns);
  }

  /** `nuls` are none: Parquet has them. */
  get report(): EncodingReport {
    return { others: this.#rows.others, nuls: 0, replaced: this.#replaced };
  }

  /**
   * Adds the record that was scanned, which is a line of so many bytes.
   *
   * @param replacedBefore the texts that UTF-8 cannot have of all records before it
   */
  add(bytes: Uint8Array, lineBytes: number, replacedBefore: number): void {
    const rows = this.#rows;
    const columns = this.#columns ??= this.#parts.takeColumns();
    this.#addMembers(bytes, columns);
    if (rows.hasRest) {
      const rest = columns[columns.length - 1] as ParquetColumn;
      rest.addWritten(this.#rowCount, rows.restRoom(), (out, to) => rows.writeRest(bytes, out, to));
    }
    this.#rowCount++;
    this.#replaced += rows.spans.replaced.texts - replacedBefore;
    this.#gauge.add(lineBytes);
    if (this.#rowCount === GROUP_ROWS || this.#gauge.isFull(columns)) this.#endGroup();
  }

  /**
   * Adds what has a column, and puts the rest aside. It begins with the last member: of two with the same key the last one
   * counts, and so the record needs not be laid out.
   */
  #addMembers(bytes: Uint8Array, columns: readonly ParquetColumn[]): void {
    const { spans, columnsByKey } = this.#rows;
    const { key: keys, kind: kinds, valueStart, valueEnd, valueIsPlain, view } = spans;
    if (this.#recordOfKey.length < columnsByKey.length) this.#recordOfKey = new Int32Array(columnsByKey.length);
    const recordOfKey = this.#recordOfKey;
    const row = this.#rowCount, record = this.#records = (this.#records + 1) | 0;
    let hasOthers = false;
    for (let member = spans.count - 1; member >= 0; member--) {
      const key = keys[member] as number, kind = kinds[member] as number;
      const number = (columnsByKey[key] as number) - 1;
      if (number < 0) {
        hasOthers = true;
        continue;
      }
      if (recordOfKey[key] === record) continue;
      recordOfKey[key] = record;
      if (kind === JsonKind.null) continue;
      const start = valueStart[member] as number, end = valueEnd[member] as number;
      const column = columns[number] as ParquetColumn;
      const reason = column.add(row, bytes, view, kind, start, end, valueIsPlain[member] as number);
      if (reason !== undefined) this.#misfits.push(member);
    }
    this.#rows.setOthersAside(hasOthers && !this.#parts.isSelection);
    while (this.#misfits.length > 0) this.#rows.setAside(this.#misfits.pop() as number);
  }

  /** Ends the row group, whose memory is for others then. */
  rest(): void {
    if (this.#rowCount > 0) this.#endGroup();
    if (this.#columns !== undefined) this.#parts.giveBack(this.#columns);
    this.#columns = undefined;
  }

  /** What is to be written: whole row groups, so that it is not much work to write a little. */
  async takeWritten(): Promise<Uint8Array[]> {
    await this.#packed.settle();
    this.#writePacked();
    return this.#written.splice(0);
  }

  /**
   * Ends the file, so that it has these columns.
   *
   * @returns whether it can have them: else it is of no use
   */
  async endWith({ columns, rest }: TableSchema): Promise<boolean> {
    this.rest();
    const { schema } = this.#parts;
    const kept = columns.map((column) => schema.columns.findIndex((one) => isSame(one, column)));
    const isWhole = schema.columns.every((_, index) => kept.includes(index));
    const isNew = (column: Column, place: number) => kept[place]! >= 0 || !this.#rows.hasWrittenAside(column);
    if (rest !== schema.rest || !isWhole || !columns.every(isNew)) return false;
    await this.#finish(withRest(columns, rest), [...kept, schema.columns.length]);
    return true;
  }

  /** @param kept of each column the index among those of the parts; -1 for a new one, which is null in all rows */
  async #finish(columns: readonly Column[], kept: readonly number[]): Promise<void> {
    const first = this.#parts.schema.columns.length + 1;
    const order = kept.map((index, place) => index < 0 ? first + place : index);
    const nullsOf = (index: number, rows: number) => this.#parts.nullsOf(columns[index - first] as Column, rows);
    await this.#packed.settleAll();
    this.#writePacked();
    addNulls(this.#groups, order, nullsOf, this.#packed);
    await this.#packed.settleAll();
    this.#writePacked();
    this.#append((output) => {
      const file = this.#fileOf(output);
      file.schema = parquetSchema(columns);
      file.kvMetadata = fileFacts(columns, {});
      addRowGroups(file, this.#groups, order);
      file.finish();
    });
  }

  #endGroup(): void {
    const group: RowGroupChunks = { rows: this.#rowCount, chunks: [] };
    this.#groups.push(group);
    this.#parts.endGroup(this.#columns as ParquetColumn[], group, this.#packed);
    this.#rowCount = 0;
  }

  #writePacked(): void {
    if (this.#packed.hasReadyGroup) this.#append((output) => this.#packed.write(output));
  }

  #append(work: (output: ByteWriter) => void): void {
    const bytes = this.#parts.write(this.#bytes, (output) => {
      this.#fileOf(output);
      work(output);
    });
    this.#bytes += bytes.length;
    this.#written.push(bytes);
  }

  /** The file, whose first bytes are written when it is new. */
  #fileOf(writer: ByteWriter): ParquetWriter {
    this.#file ??= new ParquetWriter({ writer, schema: [], createdBy: CREATED_BY });
    this.#file.writer = writer;
    return this.#file;
  }
}

function withRest(columns: readonly Column[], rest: string): Column[] {
  return [...columns, { name: rest, type: "json" }];
}

function isSame(one: Column, other: Column): boolean {
  return one.name === other.name && one.type === other.type && one.source?.key === other.source?.key &&
    one.source?.scope === other.source?.scope;
}
