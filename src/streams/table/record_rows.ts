/** Lays the members of records out in the order of columns. */
import { columnKey, columnName } from "./columns.ts";
import { JsonKind, JsonSpans } from "../json/json_spans.ts";
import type { Column, RecordLayout } from "./record_encoder.ts";
import { MisfitError } from "./record_misfit.ts";

/** One row after another. */
export class RecordRows {
  readonly spans: JsonSpans;
  /** For each column the index of its member in `spans`; -1 where the record has none. A member can be null. */
  readonly members: Int32Array;
  /** The columns of which the record has members, up to `presentCount`. */
  readonly present: Int32Array;
  presentCount = 0;
  readonly #layout: RecordLayout;
  readonly #isSelection: boolean;
  /** The column of each key by its number, plus 1; 0 when there is none. */
  #columns = new Int32Array(64);

  /**
   * @param isSelection what has no column is left out; else it is a misfit, because it would be lost
   * @throws RangeError when two columns are of one key
   */
  constructor(columns: readonly Column[], layout: RecordLayout, isSelection: boolean) {
    // A key without a column is a misfit whose name is said.
    this.spans = new JsonSpans(layout, isSelection ? {} : { maxKeys: Infinity });
    this.members = new Int32Array(columns.length).fill(-1);
    this.present = new Int32Array(columns.length);
    this.#layout = layout;
    this.#isSelection = isSelection;
    for (const [column, { name }] of columns.entries()) {
      const { scope, key } = columnKey(layout, name);
      const number = this.spans.keys.numberOf(scope, key);
      this.#grow();
      if (this.#columns[number] !== 0) throw new RangeError(`the column "${name}" is there twice`);
      this.#columns[number] = column + 1;
    }
  }

  /**
   * Reads the record between `start` and `end`.
   *
   * @param line its number, for errors
   * @throws MisfitError
   */
  read(bytes: Uint8Array, start: number, end: number, line: number): void {
    const { spans, members, present } = this;
    if (!spans.scan(bytes, start, end)) throw new MisfitError("is not a JSON object", line);
    if (spans.keys.count > this.#columns.length) this.#grow();
    for (let index = 0; index < this.presentCount; index++) members[present[index] as number] = -1;
    this.presentCount = 0;
    for (let index = 0; index < spans.count; index++) {
      const number = spans.key[index] as number;
      const column = (this.#columns[number] as number) - 1;
      if (column >= 0) {
        if (members[column] === -1) present[this.presentCount++] = column;
        members[column] = index;
      } else if (!this.#isSelection && spans.kind[index] !== JsonKind.null) {
        const name = columnName(this.#layout, spans.keys.scope(number), spans.keys.name(number));
        throw new MisfitError("has no column", line, name);
      }
    }
  }

  #grow(): void {
    if (this.spans.keys.count <= this.#columns.length) return;
    const columns = this.#columns;
    this.#columns = new Int32Array(2 * this.spans.keys.count);
    this.#columns.set(columns);
  }
}
