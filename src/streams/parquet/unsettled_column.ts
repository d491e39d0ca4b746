/** The values of a column whose type is not settled: as JSON text, for all row groups so far. */
import { JsonKind, type JsonSpans } from "../json/json_spans.ts";
import { copied } from "../json/key_table.ts";
import type { ParquetColumn } from "./parquet_column.ts";

/** What is held of a value beside its text. */
const HELD_BYTES_PER_VALUE = 22;

export class UnsettledColumn {
  count = 0;
  /** Of each value, up to `count`. */
  #kinds = new Uint8Array(16);
  #starts = new Int32Array(16);
  #ends = new Int32Array(16);
  #arePlain = new Uint8Array(16);
  #groups = new Int32Array(16);
  #rows = new Int32Array(16);
  #text = new Uint8Array(256);
  #length = 0;

  get heldBytes(): number {
    return this.#length + this.count * HELD_BYTES_PER_VALUE;
  }

  /** Takes the value of a member that is not null, for a row after those before. */
  add(group: number, row: number, bytes: Uint8Array, spans: JsonSpans, member: number): void {
    const index = this.count++;
    if (index === this.#kinds.length) this.#grow();
    const kind = spans.kind[member] as number;
    // A text is kept with its quotes.
    const quote = kind === JsonKind.string ? 1 : 0;
    const start = (spans.valueStart[member] as number) - quote, end = (spans.valueEnd[member] as number) + quote;
    const from = this.#length;
    this.#length += end - start;
    if (this.#length > this.#text.length) this.#text = copied(this.#text, new Uint8Array(2 * this.#length));
    this.#text.set(bytes.subarray(start, end), from);
    this.#kinds[index] = kind;
    this.#starts[index] = from + quote;
    this.#ends[index] = this.#length - quote;
    this.#arePlain[index] = spans.valueIsPlain[member] as number;
    this.#groups[index] = group;
    this.#rows[index] = row;
  }

  /**
   * Gives all values to a column of their type. Those of each row group are followed by a call of `onGroup`, but for the one
   * that is still being filled.
   *
   * @returns whether all values fit
   */
  giveTo(column: ParquetColumn, openGroup: number, onGroup: (group: number) => void): boolean {
    const text = this.#text;
    const view = new DataView(text.buffer);
    for (let index = 0; index < this.count; index++) {
      const group = this.#groups[index] as number;
      const row = this.#rows[index] as number, kind = this.#kinds[index] as number;
      const start = this.#starts[index] as number, end = this.#ends[index] as number;
      const reason = column.add(row, text, view, kind, start, end, this.#arePlain[index] as number);
      if (reason !== undefined) return false;
      const isLast = index + 1 === this.count || this.#groups[index + 1] !== group;
      if (isLast && group < openGroup) onGroup(group);
    }
    return true;
  }

  #grow(): void {
    const size = 2 * this.#kinds.length;
    this.#kinds = copied(this.#kinds, new Uint8Array(size));
    this.#starts = copied(this.#starts, new Int32Array(size));
    this.#ends = copied(this.#ends, new Int32Array(size));
    this.#arePlain = copied(this.#arePlain, new Uint8Array(size));
    this.#groups = copied(this.#groups, new Int32Array(size));
    this.#rows = copied(this.#rows, new Int32Array(size));
  }
}
