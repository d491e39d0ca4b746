/** The values of a column whose type is not settled: as JSON text, for all row groups so far. */
import { JsonKind } from "../json/json_spans.ts";
import { copied } from "../json/key_table.ts";
import type { ParquetColumn, ValueSpans } from "./parquet_column.ts";

/** What is held of a value beside its text. */
const HELD_BYTES_PER_VALUE = 22;

export class UnsettledColumn implements ValueSpans {
  /** Of each value, up to `count`. */
  kind = new Uint8Array(16);
  valueStart = new Int32Array(16);
  valueEnd = new Int32Array(16);
  valueIsPlain = new Uint8Array(16);
  count = 0;
  #groups = new Int32Array(16);
  #rows = new Int32Array(16);
  #text = new Uint8Array(256);
  /** Of the text. */
  view = new DataView(this.#text.buffer);
  #length = 0;

  get heldBytes(): number {
    return this.#length + this.count * HELD_BYTES_PER_VALUE;
  }

  /** Takes the value of a member that is not null, for a row after those before. */
  add(group: number, row: number, bytes: Uint8Array, spans: ValueSpans, member: number): void {
    const index = this.count++;
    if (index === this.kind.length) this.#grow();
    const kind = spans.kind[member] as number;
    // A text is kept with its quotes.
    const quote = kind === JsonKind.string ? 1 : 0;
    const start = (spans.valueStart[member] as number) - quote, end = (spans.valueEnd[member] as number) + quote;
    const from = this.#length;
    this.#length += end - start;
    if (this.#length > this.#text.length) {
      this.#text = copied(this.#text, new Uint8Array(2 * this.#length));
      this.view = new DataView(this.#text.buffer);
    }
    this.#text.set(bytes.subarray(start, end), from);
    this.kind[index] = kind;
    this.valueStart[index] = from + quote;
    this.valueEnd[index] = this.#length - quote;
    this.valueIsPlain[index] = spans.valueIsPlain[member] as number;
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
    for (let index = 0; index < this.count; index++) {
      const group = this.#groups[index] as number;
      if (column.add(this.#rows[index] as number, this.#text, this, index) !== undefined) return false;
      const isLast = index + 1 === this.count || this.#groups[index + 1] !== group;
      if (isLast && group < openGroup) onGroup(group);
    }
    return true;
  }

  #grow(): void {
    const size = 2 * this.kind.length;
    this.kind = copied(this.kind, new Uint8Array(size));
    this.valueStart = copied(this.valueStart, new Int32Array(size));
    this.valueEnd = copied(this.valueEnd, new Int32Array(size));
    this.valueIsPlain = copied(this.valueIsPlain, new Uint8Array(size));
    this.#groups = copied(this.#groups, new Int32Array(size));
    this.#rows = copied(this.#rows, new Int32Array(size));
  }
}
