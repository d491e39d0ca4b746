/** How deep the values of a page lie, unpacked for some entries at a time: a page may have a hundred thousand. */
import { RunReader } from "./parquet_run_reader.ts";

export class ParquetLevels {
  /** How many entries are neither null nor a list without values. */
  readonly full: number;
  readonly #runs: RunReader;

  /**
   * @param packed is copied
   * @param most of an entry that has a value
   */
  constructor(packed: Uint8Array, most: number, entries: number) {
    const bytes = packed.slice();
    const width = 32 - Math.clz32(most);
    this.#runs = new RunReader({ bytes, at: 0 }, width);
    this.full = new RunReader({ bytes, at: 0 }, width).count(most, entries);
  }

  /** The levels of the next entries. */
  take(count: number): Uint8Array {
    const levels = new Uint8Array(count);
    this.#runs.read(levels);
    return levels;
  }
}
