/**
 * Finds events that are there twice, as the emulator does: of the same name, person, time and `$insert_id`. The ids, which
 * make most of a lake's bytes, are only looked at where events have the same name and time.
 */
import { mixedHash, withRoom } from "../analytics/table/bytes.ts";
import type { EventTable } from "../analytics/table/event_table.ts";
import { CopyIndex } from "../sandbox/store/copies.ts";

/** Hashes of what tells events apart besides name and time: the person, and two of the `$insert_id`. */
export interface IdHashes {
  person: number;
  id: number;
  secondId: number;
}

/** Rows whose ids have not been read. */
interface UnreadRows {
  firstRow: number;
  rows: number;
  /** Reads the ids of all of them. */
  read(): Promise<(index: number) => IdHashes>;
}

/** Of rows at the same time, so few are compared with each other. */
const FEW = 16;

export class LakeCopies {
  readonly #table: EventTable;
  /** By row: hashes of person and id, and 1 for rows that have an id. */
  #hashes = new Int32Array(1024);
  #secondHashes = new Int32Array(1024);
  #known = new Uint8Array(1024);
  readonly #unread: UnreadRows[] = [];

  constructor(table: EventTable) {
    this.#table = table;
  }

  /** Takes the ids of a row. Rows of which nothing is said have none, and no copies. */
  add(row: number, { person, id, secondId }: IdHashes): void {
    if (row >= this.#hashes.length) {
      this.#hashes = withRoom(this.#hashes, row + 1);
      this.#secondHashes = withRoom(this.#secondHashes, row + 1);
      this.#known = withRoom(this.#known, row + 1);
    }
    this.#hashes[row] = mixedHash(person) ^ id;
    this.#secondHashes[row] = mixedHash(person ^ 0x3c6ef372) ^ secondId;
    this.#known[row] = 1;
  }

  /** Takes rows whose ids are read if that is needed. */
  addUnread(rows: UnreadRows): void {
    this.#unread.push(rows);
  }

  /** Hides the earlier ones of all copies. */
  async hide(): Promise<void> {
    const candidates = this.#candidates();
    if (candidates === undefined) return;
    for (const { firstRow, rows, read } of this.#unread) {
      if (!candidates.subarray(firstRow, firstRow + rows).includes(1)) continue;
      const idsOf = await read();
      for (let index = 0; index < rows; index++) {
        if (candidates[firstRow + index] === 1) this.add(firstRow + index, idsOf(index));
      }
    }
    const table = this.#table;
    const copies = new CopyIndex(
      table,
      (a, b) => this.#hashes[a] === this.#hashes[b] && this.#secondHashes[a] === this.#secondHashes[b],
    );
    for (let row = 0; row < candidates.length; row++) {
      if (candidates[row] === 0 || this.#known[row] !== 1) continue;
      const name = table.names.hash(table.nameAt(row));
      copies.add(row, CopyIndex.hash(table.timeAt(row), name, this.#secondHashes[row] as number, this.#hashes[row]!));
    }
  }

  /** 1 for each row whose name and time another one has; undefined where there is none. */
  #candidates(): Uint8Array | undefined {
    const { rows, chunks } = this.#table;
    const times = new Float64Array(rows);
    const names = new Uint32Array(rows);
    for (const chunk of chunks) {
      times.set(chunk.timesMs, chunk.firstRow);
      names.set(chunk.names, chunk.firstRow);
    }
    const found = new Uint8Array(rows);
    const count = areSorted(times) ? markRuns(times, names, found) : markEqual(times, names, found);
    return count === 0 ? undefined : found;
  }
}

function areSorted(times: Float64Array): boolean {
  for (let row = 1; row < times.length; row++) if (times[row]! < times[row - 1]!) return false;
  return true;
}

/** Marks rows in the order of time. How many there are. */
function markRuns(times: Float64Array, names: Uint32Array, found: Uint8Array): number {
  let count = 0;
  for (let start = 0, end = 0; start < times.length; start = end) {
    for (end = start + 1; end < times.length && times[end] === times[start];) end++;
    if (end - start === 1) continue;
    if (end - start > FEW) {
      found.fill(1, start, end);
      count += end - start;
      continue;
    }
    for (let row = start; row < end; row++) {
      for (let other = start; other < end; other++) {
        if (row === other || names[row] !== names[other]) continue;
        found[row] = 1;
        count++;
        break;
      }
    }
  }
  return count;
}

/** Marks rows in any order. */
function markEqual(times: Float64Array, names: Uint32Array, found: Uint8Array): number {
  let size = 1024;
  while (size < 2 * times.length) size *= 2;
  /** Rows plus 1; 0 is free. */
  const slots = new Int32Array(size);
  let count = 0;
  for (let row = 0; row < times.length; row++) {
    const time = times[row]!;
    const hash = mixedHash(Math.imul(time | 0, 0x9e3779b1) ^ Math.imul(names[row]!, 0x85ebca6b) ^ time / 0x100000000);
    for (let slot = hash & (size - 1);; slot = (slot + 1) & (size - 1)) {
      const earlier = slots[slot]! - 1;
      if (earlier < 0) {
        slots[slot] = row + 1;
        break;
      }
      if (times[earlier] !== time || names[earlier] !== names[row]) continue;
      found[earlier] = found[row] = 1;
      count++;
      break;
    }
  }
  return count;
}
