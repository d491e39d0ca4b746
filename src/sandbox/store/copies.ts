/** Finds the event in whose place a later one comes: of the same name, person, time and `$insert_id`. */
import { mixedHash, withRoom } from "../../analytics/table/bytes.ts";
import type { EventTable } from "../../analytics/table/event_table.ts";

/** The hash of an event without `$insert_id`, of which there are no copies. */
export const WITHOUT_HASH = 0;

/** At most so much of the table is in use. */
const MOST_FULL = 0.75;

/** Up to so many slots there soon are four times as many, so that few rows are moved; more slots take much memory. */
const FEW_SLOTS = 1024 * 1024;

/** The newest copy of each event with an `$insert_id`. */
export class CopyIndex {
  readonly #table: EventTable;
  readonly #haveSameIds: (a: number, b: number) => boolean;
  /** Rows plus 1; 0 is free. A power of two. */
  #slots = new Int32Array(1024);
  #count = 0;
  /** By row. */
  #hashes = new Int32Array(1024);

  /** @param haveSameIds whether two rows with the same hash have the same person and `$insert_id`. Default: by the columns */
  constructor(table: EventTable, haveSameIds: (a: number, b: number) => boolean = sameIds(table)) {
    this.#table = table;
    this.#haveSameIds = haveSameIds;
  }

  /**
   * What an event is found by, from the hashes of its name, person and `$insert_id`, and not from codes, which are others
   * when a file is opened again. Files hold it: another way to compute it needs another version of the schema. Never `WITHOUT_HASH`.
   */
  static hash(timeMs: number, name: number, person: number, idHash: number): number {
    let hash = Math.imul(idHash ^ (timeMs | 0), 0x9e3779b1) ^ Math.imul(person, 0x85ebca6b);
    hash = Math.imul(hash ^ (hash >>> 15) ^ name, 0xc2b2ae35) ^ Math.floor(timeMs / 0x100000000);
    return mixedHash(hash) || 1;
  }

  /** The hash of a row. */
  hashOf(row: number): number {
    return this.#hashes[row] ?? WITHOUT_HASH;
  }

  /** Takes in a row, and hides the one whose place it takes. */
  add(row: number, hash: number): void {
    if (row >= this.#hashes.length) this.#hashes = withRoom(this.#hashes, row + 1);
    this.#hashes[row] = hash;
    if (hash === WITHOUT_HASH) return;
    if (this.#count >= MOST_FULL * this.#slots.length) this.#spread();
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask;; slot = (slot + 1) & mask) {
      const earlier = (slots[slot] as number) - 1;
      if (earlier < 0) {
        slots[slot] = row + 1;
        this.#count++;
        return;
      }
      if (this.#hashes[earlier] === hash && this.#areCopies(earlier, row)) {
        this.#table.hide(earlier);
        slots[slot] = row + 1;
        return;
      }
    }
  }

  #areCopies(a: number, b: number): boolean {
    const table = this.#table;
    return table.timeAt(a) === table.timeAt(b) && table.nameAt(a) === table.nameAt(b) && this.#haveSameIds(a, b);
  }

  #spread(): void {
    const before = this.#slots;
    const hashes = this.#hashes;
    const slots = new Int32Array((before.length < FEW_SLOTS ? 4 : 2) * before.length);
    const mask = slots.length - 1;
    for (let index = 0; index < before.length; index++) {
      const entry = before[index] as number;
      if (entry === 0) continue;
      let slot = (hashes[entry - 1] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = entry;
    }
    this.#slots = slots;
  }
}

function sameIds(table: EventTable): (a: number, b: number) => boolean {
  return (a, b) =>
    table.personAt(a) === table.personAt(b) &&
    String(table.valueAt(a, "$insert_id")) === String(table.valueAt(b, "$insert_id"));
}
