/**
 * Finds events that are there twice, as the emulator does: of the same name, person, time and `$insert_id`. Persons and ids,
 * which make most of a lake's bytes, are only looked at where events have the same name and time.
 */
import type { Chunk } from "../analytics/table/chunk.ts";
import type { EventTable } from "../analytics/table/event_table.ts";
import type { RowIds } from "./row_ids.ts";
import { markEqual, type TimedRows, timeWindows } from "./time_windows.ts";

/** What is known of the rows of one chunk that have copies, perhaps. */
interface Suspects {
  rows: Uint32Array;
  hashes: Int32Array;
  secondHashes: Int32Array;
}

export class LakeCopies {
  readonly #table: EventTable;
  readonly #sources: RowIds[] = [];

  /** @param hasPeople whether rows have their people */
  constructor(table: EventTable, private readonly hasPeople: boolean) {
    this.#table = table;
  }

  /** Takes rows that have ids, which are read if that is needed. Rows of which nothing is said have none, and no copies. */
  add(ids: RowIds): void {
    this.#sources.push(ids);
  }

  /** Hides the earlier ones of all copies. */
  async hide(): Promise<void> {
    const { chunks } = this.#table;
    if (areAscending(chunks)) return;
    const people = this.hasPeople ? chunks.map((chunk) => chunk.people) : this.#knownPeople(chunks);
    let suspects = this.#suspects(chunks, people);
    if (suspects.every((found) => found === undefined)) return;
    if (people === undefined) {
      await this.#look(chunks, suspects, async (source, rows, found) => {
        found.hashes = await source.people(rows);
      });
      suspects = this.#sifted(chunks, suspects);
    }
    await this.#look(chunks, suspects, async (source, rows, found) => {
      Object.assign(found, await source.ids(rows));
    });
    for (const rows of timeWindows(chunks, (index) => suspects[index]?.rows)) this.#hideEqual(rows, chunks, suspects);
  }

  /** By chunk: the hashes of its rows' persons; undefined where some have not been read. */
  #knownPeople(chunks: readonly Chunk[]): ArrayLike<number>[] | undefined {
    const known: ArrayLike<number>[] = [];
    for (const { firstRow, rows } of chunks) {
      const source = this.sourceOf(firstRow);
      const people = source?.knownPeople;
      if (source === undefined || people === undefined) return undefined;
      known.push(people.subarray(firstRow - source.firstRow, firstRow - source.firstRow + rows));
    }
    return known;
  }

  /** By chunk: rows of which another one has the name, the time and, where they are given, the person. */
  #suspects(chunks: readonly Chunk[], people: readonly ArrayLike<number>[] | undefined): (Suspects | undefined)[] {
    const marks = newMarks(chunks);
    for (const rows of timeWindows(chunks)) {
      const { count, places, keys } = rows;
      for (let at = 0; at < count; at++) {
        const chunk = places[at]! >>> 16, row = places[at]! & 0xffff;
        const name = chunks[chunk]!.names[row]!;
        // Rows behind those with ids have no person.
        keys[at] = people === undefined ? name : Math.imul(people[chunk]![row] ?? 0, 0x9e3779b1) ^ name;
      }
      markEqual(rows, marks.set);
    }
    return marks.found((rows) => ({ rows, hashes: NOTHING, secondHashes: NOTHING }));
  }

  /** Those of the suspects that have the same person, too. */
  #sifted(chunks: readonly Chunk[], suspects: readonly (Suspects | undefined)[]): (Suspects | undefined)[] {
    const marks = newMarks(chunks);
    for (const rows of timeWindows(chunks, (index) => suspects[index]?.rows)) {
      const { count, places, indexes, keys } = rows;
      for (let at = 0; at < count; at++) {
        const chunk = places[at]! >>> 16;
        keys[at] = suspects[chunk]!.hashes[indexes[at]!]! ^
          Math.imul(chunks[chunk]!.names[places[at]! & 0xffff]!, 0x85ebca6b);
      }
      markEqual(rows, marks.set);
    }
    return marks.found((rows) => ({ rows, hashes: NOTHING, secondHashes: NOTHING }));
  }

  /** Asks the sources about the suspects of each chunk. Those that no source knows are none. */
  async #look(
    chunks: readonly Chunk[],
    suspects: (Suspects | undefined)[],
    take: (source: RowIds, rows: Uint32Array, found: Suspects) => Promise<void>,
  ): Promise<void> {
    for (const [index, chunk] of chunks.entries()) {
      const found = suspects[index];
      if (found === undefined) continue;
      const source = this.sourceOf(chunk.firstRow);
      if (source === undefined) {
        suspects[index] = undefined;
        continue;
      }
      const offset = chunk.firstRow - source.firstRow;
      await take(source, offset === 0 ? found.rows : found.rows.map((row) => row + offset), found);
    }
  }

  /** Where the ids of a row come from; undefined where it has none. */
  sourceOf(row: number): RowIds | undefined {
    let low = 0;
    let high = this.#sources.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#sources[middle]!.firstRow <= row) low = middle;
      else high = middle - 1;
    }
    const source = this.#sources[low];
    return source !== undefined && row >= source.firstRow && row < source.firstRow + source.rows ? source : undefined;
  }

  #hideEqual(
    { count, places, indexes, timesMs }: TimedRows,
    chunks: readonly Chunk[],
    suspects: readonly (Suspects | undefined)[],
  ): void {
    /** By what tells events apart: the row of the last one. */
    const last = new Map<string, number>();
    for (let at = 0; at < count; at++) {
      const chunk = places[at]! >>> 16;
      const { hashes, secondHashes } = suspects[chunk]!;
      const hash = hashes[indexes[at]!]!, second = secondHashes[indexes[at]!]!;
      if (hash === 0 && second === 0) continue;
      const inChunk = places[at]! & 0xffff;
      const key = `${timesMs[at]} ${chunks[chunk]!.names[inChunk]} ${hash} ${second}`;
      const row = chunks[chunk]!.firstRow + inChunk;
      const earlier = last.get(key);
      if (earlier !== undefined) this.#table.hide(Math.min(earlier, row));
      last.set(key, Math.max(earlier ?? -1, row));
    }
  }
}

const NOTHING = new Int32Array(0);

/** Notes of rows, by chunk. */
function newMarks(chunks: readonly Chunk[]) {
  const marks: (Uint8Array | undefined)[] = chunks.map(() => undefined);
  return {
    set(place: number): void {
      const index = place >>> 16;
      const chunk = marks[index] ??= new Uint8Array(chunks[index]!.rows);
      chunk[place & 0xffff] = 1;
    },
    found<T>(make: (rows: Uint32Array) => T): (T | undefined)[] {
      return marks.map((mark) => mark && make(rowsOf(mark)));
    },
  };
}

function rowsOf(marks: Uint8Array): Uint32Array {
  const rows = new Uint32Array(marks.length);
  let count = 0;
  for (let row = 0; row < marks.length; row++) {
    rows[count] = row;
    count += marks[row]!;
  }
  return rows.slice(0, count);
}

/** Whether each row is later than the one before: nothing is there twice then. */
function areAscending(chunks: readonly Chunk[]): boolean {
  let lastMs = -Infinity;
  for (const { timesMs, rows } of chunks) {
    for (let row = 0; row < rows; row++) {
      const timeMs = timesMs[row]!;
      if (timeMs <= lastMs) return false;
      lastMs = timeMs;
    }
  }
  return true;
}
