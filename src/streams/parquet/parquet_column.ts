/** One column of a Parquet file: takes values from the bytes of records and writes a chunk for each row group. */
import type { ParquetType, SchemaElement } from "hyparquet";
import {
  fitsInHalves,
  integerAt,
  type IntegerHalves,
  integerHalves,
  isHeldByDouble,
  isInt64,
  isShortInteger,
  numberAt,
  shortIntegerAt,
} from "../json/json_numbers.ts";
import { JsonKind } from "../json/json_spans.ts";
import { compactJson, type Replacements, unescapeString } from "../json/json_text.ts";
import { epochMs, wholeEpochMs } from "../events/event_time.ts";
import { columnBounds, NumberBounds } from "./parquet_bounds.ts";
import type { PackedChunk } from "./packed_chunk.ts";
import type { ParquetChunkMaker } from "./parquet_chunk.ts";
import { DECIMAL_BYTES, DECIMAL_DIGITS, LENGTH_BYTES, PARQUET_TYPES, WORD_BYTES } from "./parquet_column_types.ts";
import { ParquetValues } from "./parquet_values.ts";
import type { Column, ColumnType } from "../table/record_encoder.ts";

/** How the columns are declared. All values are optional. */
export function parquetSchema(columns: readonly Column[]): SchemaElement[] {
  const leaves = columns.map(({ name, type }): SchemaElement => ({
    name,
    repetition_type: "OPTIONAL",
    ...PARQUET_TYPES[type],
  }));
  return [{ name: "root", num_children: leaves.length }, ...leaves];
}

function physicalType(type: ColumnType): ParquetType {
  return PARQUET_TYPES[type].type as ParquetType;
}

/** The row of a value, and its number in the dictionary. */
const HELD_BYTES_PER_VALUE = 8;

/** To choose by a number is faster than by a text. */
const TypeCode = { string: 0, integer: 1, number: 2, boolean: 3, timestamp: 4, json: 5, decimal: 6 } as const;

const TWO_TO_31 = 2 ** 31, TWO_TO_32 = 2 ** 32, SIGN_BIT = 1 << 31;

/** Used for one value after another. */
const halves: IntegerHalves = { high: 0, low: 0 };

export class ParquetColumn {
  readonly type: ColumnType;
  readonly #code: number;
  readonly #isStrict: boolean;
  readonly #isId: boolean;
  readonly #replaced: Replacements;
  readonly #values = new ParquetValues();
  readonly #bounds = new NumberBounds();
  /** The row of each value, once one has none. */
  #rows = new Int32Array(64);
  /** Whether all rows so far have values. */
  #isDense = true;

  /**
   * @param isStrict whether values of another type are for another column: else texts and JSON take any value
   * @param replaced is called with texts that UTF-8 cannot have
   */
  constructor(column: Column, isStrict: boolean, replaced: Replacements) {
    this.#replaced = replaced;
    this.type = column.type;
    this.#code = TypeCode[column.type];
    this.#isStrict = isStrict;
    this.#isId = isStrict && (column.source?.key ?? column.name) in IDS;
  }

  /** Bytes that are held for the row group. */
  get heldBytes(): number {
    return this.#values.length + this.#values.count * HELD_BYTES_PER_VALUE;
  }

  /**
   * Takes a value that is not null, for a row after those before.
   *
   * @param view of the bytes
   * @param isPlain as `valueIsPlain` of `JsonSpans`
   * @returns why the value does not fit the column, or undefined
   */
  add(
    row: number,
    bytes: Uint8Array,
    view: DataView,
    kind: number,
    start: number,
    end: number,
    isPlain: number,
  ): string | undefined {
    this.#noteRow(row);
    switch (this.#code) {
      case TypeCode.string:
        if (kind === JsonKind.string ? isPlain === 1 : kind < JsonKind.list && (!this.#isStrict || this.#isId)) {
          this.#values.takeText(view, start, end);
          return undefined;
        }
        if (this.#isStrict && kind !== JsonKind.string) return misfit(kind, "texts");
        this.#addText(bytes, start, end, kind);
        return undefined;
      case TypeCode.integer:
        if (kind !== JsonKind.integer) return misfit(kind, "integers");
        if (isPlain === 0) return this.#addLongInteger(bytes, start, end);
        this.#takeWhole(shortIntegerAt(view, start, end));
        return undefined;
      case TypeCode.timestamp:
        return this.#addTime(bytes, view, start, end, kind, isPlain);
      case TypeCode.boolean:
        return this.#addBoolean(kind);
      case TypeCode.number:
        return this.#addNumber(bytes, view, start, end, kind, isPlain);
      case TypeCode.decimal:
        return this.#addDecimal(bytes, start, end, kind);
      default:
        if (this.#isStrict && kind < JsonKind.list) return misfit(kind, "lists and objects");
        if (kind === JsonKind.string) this.#addText(bytes, start - 1, end + 1, JsonKind.object);
        else if (kind < JsonKind.list) this.#values.takeText(view, start, end);
        else this.#addText(bytes, start, end, kind);
        return undefined;
    }
  }

  /** Takes a text for a row after those before, which `write` puts into at most `room` bytes. */
  addWritten(row: number, room: number, write: (out: Uint8Array, to: number) => number): void {
    const values = this.#values;
    this.#noteRow(row);
    values.makeRoom(LENGTH_BYTES + room);
    const from = values.length + LENGTH_BYTES;
    const to = write(values.bytes, from);
    values.view.setInt32(from - LENGTH_BYTES, to - from, true);
    values.take(to);
  }

  /** Makes a chunk of the values of so many rows, and forgets them. */
  takeChunk(chunks: ParquetChunkMaker, rows: number): PackedChunk {
    const statistics = columnBounds(this.type, this.#values, this.#bounds, rows);
    // There may be none in the last rows.
    const valueRows = this.#isDense && this.#values.count === rows ? undefined : this.#valueRows();
    const chunk = chunks.make(physicalType(this.type), this.#values, statistics, valueRows, rows);
    this.#bounds.clear();
    this.#isDense = true;
    return chunk;
  }

  #valueRows(): Int32Array {
    const { count } = this.#values;
    return this.#isDense ? Int32Array.from({ length: count }, (_, row) => row) : this.#rows;
  }

  #noteRow(row: number): void {
    const { count } = this.#values;
    if (this.#isDense) {
      if (row === count) return;
      this.#isDense = false;
      while (this.#rows.length <= count) this.#rows = new Int32Array(2 * this.#rows.length);
      for (let at = 0; at < count; at++) this.#rows[at] = at;
    }
    if (count === this.#rows.length) {
      const rows = this.#rows;
      this.#rows = new Int32Array(2 * count);
      this.#rows.set(rows);
    }
    this.#rows[count] = row;
  }

  #addBoolean(kind: number): string | undefined {
    if (kind !== JsonKind.true && kind !== JsonKind.false) return misfit(kind, "booleans");
    const values = this.#values;
    // Bits are smaller than the numbers of a dictionary.
    values.isDictionary = false;
    values.makeRoom(1);
    values.bytes[values.length] = kind === JsonKind.true ? 1 : 0;
    values.take(values.length + 1);
    return undefined;
  }

  #addLongInteger(bytes: Uint8Array, start: number, end: number): string | undefined {
    const values = this.#values;
    values.makeRoom(WORD_BYTES);
    const to = values.length;
    if (fitsInHalves(bytes, start, end)) {
      integerHalves(bytes, start, end, halves);
      values.view.setInt32(to, halves.low, true);
      values.view.setInt32(to + 4, halves.high, true);
    } else {
      const value = integerAt(bytes, start, end);
      if (!isInt64(value)) return "has an integer of more than 64 bits, and its column holds integers";
      values.view.setBigInt64(to, value, true);
    }
    this.#bounds.noteLong();
    values.take(to + WORD_BYTES);
    return undefined;
  }

  #addDecimal(bytes: Uint8Array, start: number, end: number, kind: number): string | undefined {
    if (kind !== JsonKind.integer) return misfit(kind, "whole numbers");
    if (end - start > DECIMAL_DIGITS) return "has a whole number of too many digits, and its column holds 38";
    const values = this.#values;
    values.makeRoom(DECIMAL_BYTES);
    const to = values.length;
    if (fitsInHalves(bytes, start, end)) {
      integerHalves(bytes, start, end, halves);
      const sign = halves.high < 0 ? -1 : 0;
      values.view.setInt32(to, sign);
      values.view.setInt32(to + 4, sign);
      values.view.setInt32(to + WORD_BYTES, halves.high);
      values.view.setInt32(to + WORD_BYTES + 4, halves.low);
    } else {
      const value = integerAt(bytes, start, end);
      values.view.setBigInt64(to, value >> 64n);
      values.view.setBigUint64(to + WORD_BYTES, BigInt.asUintN(64, value));
    }
    values.take(to + DECIMAL_BYTES);
    return undefined;
  }

  #addNumber(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    kind: number,
    isPlain: number,
  ): string | undefined {
    if (kind !== JsonKind.number && kind !== JsonKind.integer) return misfit(kind, "numbers");
    const isShort = isPlain === 1 && kind === JsonKind.integer;
    const value = isShort ? shortIntegerAt(view, start, end) : numberAt(bytes, start, end);
    const reason = isPlain === 1 ? undefined : whyNoDouble(bytes, start, end, kind, value);
    if (reason !== undefined) return reason;
    const values = this.#values;
    values.makeRoom(WORD_BYTES);
    values.view.setFloat64(values.length, value, true);
    this.#bounds.note(value);
    values.take(values.length + WORD_BYTES);
    return undefined;
  }

  #addTime(
    bytes: Uint8Array,
    view: DataView,
    start: number,
    end: number,
    kind: number,
    isPlain: number,
  ): string | undefined {
    if (kind !== JsonKind.number && kind !== JsonKind.integer) return misfit(kind, "times");
    const isShort = isPlain === 1 && kind === JsonKind.integer;
    const ms = isShort ? wholeEpochMs(shortIntegerAt(view, start, end)) : epochMs(numberAt(bytes, start, end));
    if (ms === undefined) return "has a number that is no time in whole milliseconds, and its column holds times";
    this.#takeWhole(ms);
    return undefined;
  }

  /** A whole number that a double holds, as 64 bits. */
  #takeWhole(value: number): void {
    this.#bounds.note(value);
    const values = this.#values;
    values.makeRoom(WORD_BYTES);
    const to = values.length;
    const high = Math.floor(value / TWO_TO_32);
    // In the range of 32 bits with a sign: what is beyond takes long to convert.
    values.view.setInt32(to, (value - high * TWO_TO_32 - TWO_TO_31) ^ SIGN_BIT, true);
    values.view.setInt32(to + 4, high, true);
    values.take(to + WORD_BYTES);
  }

  /** Not as it stands. */
  #addText(bytes: Uint8Array, start: number, end: number, kind: number): void {
    const values = this.#values;
    values.makeRoom(LENGTH_BYTES + 3 * (end - start));
    const from = values.length + LENGTH_BYTES;
    const to = kind === JsonKind.string
      ? unescapeString(bytes, start, end, values.bytes, from, this.#replaced)
      : compactJson(bytes, start, end, values.bytes, from, this.#replaced);
    values.view.setInt32(from - LENGTH_BYTES, to - from, true);
    values.take(to);
  }
}

/** Of a number that is not short. */
function whyNoDouble(bytes: Uint8Array, start: number, end: number, kind: number, value: number): string | undefined {
  if (kind === JsonKind.integer && !isShortInteger(start, end)) {
    const isExact = Number.isFinite(value) && BigInt(value) === integerAt(bytes, start, end);
    if (!isExact) return "has an integer beyond 2^53, and its column holds numbers";
  }
  if (!Number.isFinite(value)) return "has a number that no double holds, and its column holds numbers";
  if (kind === JsonKind.number && !isHeldByDouble(bytes, start, end)) {
    return "has a number of more digits than a double, and its column holds numbers";
  }
  return undefined;
}

/** Ids are texts, whatever a program has sent. */
const IDS: Readonly<Record<string, true>> = { distinct_id: true, $insert_id: true };

const KIND_NAMES = ["null", "a boolean", "a boolean", "an integer", "a number", "a text", "a list", "an object"];

function misfit(kind: number, expected: string): string {
  return `has ${KIND_NAMES[kind]}, and its column holds ${expected}`;
}
