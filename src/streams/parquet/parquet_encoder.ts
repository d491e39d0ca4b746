/**
 * JSON Lines to Parquet, row group by row group: what is held is one row group, and of those before only what the end
 * of the file says about them.
 *
 * Values go from the bytes of the records to those of the pages; `hyparquet-writer` writes the file around them.
 */
import { ByteWriter } from "hyparquet-writer/src/bytewriter.js";
import { ParquetWriter } from "hyparquet-writer/src/parquet-writer.js";
import { JsonKind } from "../json/json_spans.ts";
import { PackedChunks, type RowGroupChunks } from "./packed_chunk.ts";
import { ParquetChunkMaker } from "./parquet_chunk.ts";
import { ParquetColumn, parquetSchema } from "./parquet_column.ts";
import { addNulls, addRowGroups, CREATED_BY, fileFacts, GroupGauge } from "./parquet_groups.ts";
import { UnsettledColumn } from "./unsettled_column.ts";
import { GROWTH_LIMITS, type GrowthLimits } from "../table/growing_encoder.ts";
import type { RecordColumns } from "../table/columns.ts";
import type {
  Column,
  ColumnType,
  EncodedEnd,
  EncodingReport,
  GrowingEncoder,
  RecordEncoder,
} from "../table/record_encoder.ts";
import type { RecordLayout } from "../table/record_layout.ts";
import { MisfitError } from "../table/record_misfit.ts";
import { RecordRows } from "../table/record_rows.ts";

const NOTHING = new Uint8Array(0);

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
 * An encoder with typed columns: BOOLEAN, INT64, DOUBLE, TIMESTAMP, UTF-8 and JSON, compressed with Zstandard. `encode` throws a
 * `MisfitError` for a value that its column cannot hold as it is, unless there is a column of the rest.
 */
export function parquetEncoder(
  columns: readonly Column[],
  layout: RecordLayout,
  options: ParquetOptions,
): RecordEncoder {
  return new ParquetRecordEncoder(columns, layout, options);
}

/**
 * An encoder that begins with these columns, as far as the finder has found them, and adds those that it finds. What is not in
 * a row group is null there.
 */
export function growingParquetEncoder(
  columns: readonly Column[],
  finder: RecordColumns,
  layout: RecordLayout,
  options: ParquetOptions,
  limits: GrowthLimits,
): GrowingEncoder {
  return new ParquetRecordEncoder(columns, layout, options, finder, limits);
}

class ParquetRecordEncoder implements RecordEncoder, GrowingEncoder {
  readonly #rows: RecordRows;
  /** Undefined where the type is not settled. */
  readonly #columns: (ParquetColumn | undefined)[];
  readonly #unsettled: (UnsettledColumn | undefined)[] = [];
  readonly #output = new ByteWriter(64 * 1024);
  readonly #file: ParquetWriter;
  readonly #chunks = new ParquetChunkMaker();
  readonly #packed = new PackedChunks();
  readonly #finder: RecordColumns | undefined;
  readonly #limits: GrowthLimits;
  /** Whole row groups, whose chunks are in the order of the columns. */
  readonly #groups: RowGroupChunks[] = [];
  /** Of the row group that is being filled. */
  #rowCount = 0;
  readonly #gauge = new GroupGauge();
  /** Whether a value is not of the type of its column: the file has to be made again. */
  #isBroken = false;
  /** Of columns that are not settled. */
  #unsettledBytes = 0;

  readonly #rest: ParquetColumn | undefined;
  /** Whether each member is of a column: there are as many as there are keys. */
  readonly #takesAll: boolean;
  /** Records so far, and by the numbers of keys the last record that had it. */
  #records = 0;
  #recordOfKey = new Int32Array(64);
  readonly #layout: RecordLayout;
  readonly #metadata: Readonly<Record<string, string>>;

  constructor(
    columns: readonly Column[],
    layout: RecordLayout,
    options: ParquetOptions,
    finder?: RecordColumns,
    limits = GROWTH_LIMITS,
  ) {
    const { rest, isSelection = false } = options;
    const others = isSelection ? "drop" : finder !== undefined ? "add" : rest === undefined ? "refuse" : "collect";
    this.#rows = new RecordRows(columns, layout, others, finder);
    this.#takesAll = others === "add" && rest === undefined;
    this.#layout = layout;
    this.#finder = finder;
    this.#limits = limits;
    this.#metadata = options.metadata ?? {};
    const all = rest === undefined ? columns : [...columns, { name: rest, type: "json" as const }];
    const isSettled = (index: number) =>
      finder === undefined || finder.valuesOf(this.#rows.columnKeys[index] as number) >= limits.settledValues;
    this.#columns = all.map((column, index) =>
      isSettled(index) ? this.#newColumn(column, rest !== undefined) : undefined
    );
    this.#unsettled = this.#columns.map((column) => column === undefined ? new UnsettledColumn() : undefined);
    if (rest !== undefined) this.#rest = this.#columns.at(-1);
    this.#file = new ParquetWriter({
      writer: this.#output,
      schema: parquetSchema(all),
      createdBy: options.createdBy ?? CREATED_BY,
      kvMetadata: fileFacts(all, this.#metadata),
    });
  }

  begin(): Uint8Array {
    return this.#handOver();
  }

  async encode(lines: Uint8Array): Promise<Uint8Array> {
    if (this.#isBroken) {
      this.#finder?.observe(lines);
      return NOTHING;
    }
    let line = 0;
    for (let start = 0; start < lines.length;) {
      let end: number;
      if (this.#takesAll) {
        end = this.#rows.scanLine(lines, start, ++line);
        this.#addMembers(lines);
      } else {
        end = this.#rows.readLine(lines, start, ++line);
        this.#addRow(lines, line);
      }
      this.#gauge.add(end - start);
      if (this.#rowCount === this.#limits.groupRows || this.#gauge.isFull(this.#columns)) this.#writeRowGroup();
      start = end + 1;
    }
    this.#settle();
    await this.#packed.settle();
    this.#packed.write(this.#output);
    return this.#handOver();
  }

  get report(): EncodingReport {
    return {
      others: this.#rows.others,
      nuls: 0,
      replaced: this.#rows.spans.replaced.texts,
      oddTimeType: this.#oddTimeType(),
    };
  }

  #oddTimeType(): ColumnType | undefined {
    if (this.#layout !== "event") return undefined;
    const index = this.#rows.columnOf({ name: "time", type: "timestamp" });
    const type = this.#columns[index]?.type;
    return type === "timestamp" ? undefined : type;
  }

  async end(): Promise<Uint8Array> {
    return await this.#finish([...this.#columns.keys()]);
  }

  async endWith(columns: readonly Column[]): Promise<EncodedEnd | undefined> {
    const order = columns.map((column) => this.#rows.columnOf(column));
    if (this.#rowCount > 0) this.#writeRowGroup();
    for (const [place, { type }] of columns.entries()) {
      const index = order[place] as number;
      if (index < 0) return undefined;
      if (this.#columns[index] === undefined) this.#settleColumn(index, type);
      if (this.#isBroken || this.#columns[index]?.type !== type) return undefined;
    }
    this.#file.schema = parquetSchema(columns);
    this.#file.kvMetadata = fileFacts(columns, this.#metadata);
    return { bytes: await this.#finish(order) };
  }

  /**
   * Adds a row of the record that was scanned, all of whose members have columns. It begins with the last member: of two with
   * the same key the last one counts, and so the record needs not be laid out.
   */
  #addMembers(bytes: Uint8Array): void {
    const { spans } = this.#rows;
    const { key: keys, kind: kinds, valueStart, valueEnd, valueIsPlain, view } = spans;
    const columns = this.#columns;
    let columnsByKey = this.#rows.columnsByKey;
    if (this.#recordOfKey.length < columnsByKey.length) this.#recordOfKey = new Int32Array(columnsByKey.length);
    const recordOfKey = this.#recordOfKey;
    const row = this.#rowCount, record = this.#records = (this.#records + 1) | 0;
    for (let member = spans.count - 1; member >= 0; member--) {
      const key = keys[member] as number, kind = kinds[member] as number;
      if (recordOfKey[key] === record) continue;
      recordOfKey[key] = record;
      if (kind === JsonKind.null) continue;
      let number = (columnsByKey[key] as number) - 1;
      if (number < 0) {
        number = this.#rows.addColumn(key);
        columnsByKey = this.#rows.columnsByKey;
      }
      const column = columns[number];
      if (column === undefined) {
        this.#addUnsettled(number, bytes, member);
        continue;
      }
      const start = valueStart[member] as number, end = valueEnd[member] as number;
      const reason = column.add(row, bytes, view, kind, start, end, valueIsPlain[member] as number);
      if (reason !== undefined) this.#isBroken = true;
    }
    this.#rowCount++;
  }

  #addRow(bytes: Uint8Array, line: number): void {
    const { members, present, presentCount, spans } = this.#rows;
    const { kind: kinds, valueStart, valueEnd, valueIsPlain, view } = spans;
    const row = this.#rowCount;
    for (let index = 0; index < presentCount; index++) {
      const number = present[index] as number;
      const member = members[number] as number;
      const kind = kinds[member] as number;
      if (kind === JsonKind.null) continue;
      const column = this.#columns[number];
      if (column === undefined) {
        this.#addUnsettled(number, bytes, member);
        continue;
      }
      const start = valueStart[member] as number, end = valueEnd[member] as number;
      const reason = column.add(row, bytes, view, kind, start, end, valueIsPlain[member] as number);
      if (reason !== undefined) this.#putAside(reason, line, number, member);
    }
    if (this.#rest !== undefined && this.#rows.hasRest) {
      const room = this.#rows.restRoom();
      this.#rest.addWritten(this.#rowCount, room, (out, to) => this.#rows.writeRest(bytes, out, to));
    }
    this.#rowCount++;
  }

  #putAside(reason: string, line: number, column: number, member: number): void {
    if (this.#rest !== undefined) this.#rows.setAside(member);
    else if (this.#finder !== undefined) this.#isBroken = true;
    else throw new MisfitError(reason, line, this.#file.schema[column + 1]?.name);
  }

  #addUnsettled(number: number, bytes: Uint8Array, member: number): void {
    const column = this.#unsettled[number] ??= new UnsettledColumn();
    const heldBefore = column.heldBytes;
    column.add(this.#groups.length, this.#rowCount, bytes, this.#rows.spans, member);
    this.#unsettledBytes += column.heldBytes - heldBefore;
  }

  /** Gives types to columns that have had many values, or large ones. */
  #settle(): void {
    const isFull = this.#unsettledBytes > this.#limits.unsettledBytes;
    for (const [index, column] of this.#unsettled.entries()) {
      if (column === undefined || (!isFull && column.count < this.#limits.settledValues)) continue;
      this.#settleColumn(index, this.#finder!.typeOf(this.#rows.columnKeys[index] as number));
    }
  }

  #newColumn(column: Column, isStrict: boolean): ParquetColumn {
    return new ParquetColumn(column, isStrict, this.#rows.spans.replaced);
  }

  /** Its values in whole row groups are written behind these. */
  #settleColumn(index: number, type: ColumnType): void {
    const column = this.#newColumn({ name: "", type }, false);
    const unsettled = this.#unsettled[index];
    this.#columns[index] = column;
    this.#unsettled[index] = undefined;
    if (unsettled === undefined) return;
    this.#unsettledBytes -= unsettled.heldBytes;
    const fits = unsettled.giveTo(column, this.#groups.length, (group) => {
      const ended = this.#groups[group]!;
      this.#packed.add(column.takeChunk(this.#chunks, ended.rows), ended, index);
    });
    if (!fits) this.#isBroken = true;
  }

  #writeRowGroup(): void {
    const rows = this.#rowCount;
    if (this.#columns.some((column, index) => column !== undefined && !this.#isOfType(column, index))) {
      this.#isBroken = true;
    }
    const group: RowGroupChunks = { rows, chunks: [] };
    this.#groups.push(group);
    for (const [index, column] of this.#columns.entries()) {
      if (column !== undefined) this.#packed.add(column.takeChunk(this.#chunks, rows), group, index);
    }
    this.#rowCount = 0;
  }

  /** False when values have come since that make the column one of another type. */
  #isOfType({ type }: ParquetColumn, index: number): boolean {
    return this.#finder === undefined || this.#finder.typeOf(this.#rows.columnKeys[index] as number) === type;
  }

  /** @param order the columns of the file */
  async #finish(order: readonly number[]): Promise<Uint8Array> {
    if (this.#rowCount > 0) this.#writeRowGroup();
    await this.#writeAll();
    addNulls(this.#groups, order, (index, rows) => this.#columns[index]!.takeChunk(this.#chunks, rows), this.#packed);
    await this.#writeAll();
    addRowGroups(this.#file, this.#groups, order);
    this.#file.finish();
    return this.#handOver();
  }

  async #writeAll(): Promise<void> {
    await this.#packed.settleAll();
    this.#packed.write(this.#output);
  }

  /** What was written since the last time. */
  #handOver(): Uint8Array {
    const bytes = this.#output.getBytes();
    this.#output.index = 0;
    return bytes;
  }
}
