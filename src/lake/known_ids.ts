/** The ids of rows that come one by one, as hashes. */
import { withRoom } from "../analytics/table/bytes.ts";
import type { HashedIds, IdHashes, RowIds } from "./lake_copies.ts";

export class KnownIds implements RowIds {
  #people = new Int32Array(1024);
  #hashes = new Int32Array(1024);
  #secondHashes = new Int32Array(1024);
  #rows = 0;

  constructor(readonly firstRow: number) {}

  get rows(): number {
    return this.#rows;
  }

  /** Takes the ids of a row of the table, none before the last one. Rows that are left out have none. */
  add(row: number, { person, id, secondId }: IdHashes): void {
    const index = row - this.firstRow;
    if (index >= this.#people.length) {
      this.#people = withRoom(this.#people, index + 1);
      this.#hashes = withRoom(this.#hashes, index + 1);
      this.#secondHashes = withRoom(this.#secondHashes, index + 1);
    }
    this.#people[index] = person;
    this.#hashes[index] = id;
    this.#secondHashes[index] = secondId;
    this.#rows = index + 1;
  }

  people(rows: Uint32Array): Promise<Int32Array> {
    return Promise.resolve(this.#some(this.#people, rows));
  }

  ids(rows: Uint32Array): Promise<HashedIds> {
    const hashes = this.#some(this.#hashes, rows);
    return Promise.resolve({ hashes, secondHashes: this.#some(this.#secondHashes, rows) });
  }

  #some(all: Int32Array, rows: Uint32Array): Int32Array {
    return Int32Array.from(rows, (row) => row < this.#rows ? all[row]! : 0);
  }
}
