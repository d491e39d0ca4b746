/** Rows by the days in which they were, so that those of one moment are found without holding all there are. */
import { mixedHash } from "../analytics/table/bytes.ts";
import type { Chunk } from "../analytics/table/chunk.ts";
import { rowPlace } from "../analytics/rows/row_value.ts";

const DAY_MS = 86_400_000;

/** Rows that lie in more days than this, for each of them, are looked at all at once. */
const MOST_VISITS = 4;

/** Up to so many rows of one moment are compared with each other. */
const FEW = 64;

/** Some rows, up to `count`. The arrays are good until the next ones. */
export interface TimedRows {
  count: number;
  timesMs: Float64Array;
  /** See `rowPlace`. */
  places: Uint32Array;
  /** The position of each among those of its chunk that are looked at. */
  indexes: Uint32Array;
  /** Room for what the rows are compared by. */
  keys: Int32Array;
  isSorted: boolean;
}

/**
 * The rows of one day after another: whatever happened at one moment comes together.
 *
 * @param chosen gives the rows of a chunk that are looked at, in rising order; undefined for none. Default: all
 */
export function* timeWindows(
  chunks: readonly Chunk[],
  chosen?: (index: number) => Uint32Array | undefined,
): Generator<TimedRows, void> {
  const looked = chunks.map((chunk, index) => lookedAt(chunk, index, chosen)).filter((one) => one.count > 0);
  const first = Math.floor(looked.reduce((least, { leastMs }) => Math.min(least, leastMs), Infinity) / DAY_MS);
  const last = Math.floor(looked.reduce((most, { greatestMs }) => Math.max(most, greatestMs), -Infinity) / DAY_MS);
  const days = new Map<number, Looked[]>();
  let rows = 0, visits = 0;
  for (const one of looked) {
    const from = Math.floor(one.leastMs / DAY_MS), to = Math.floor(one.greatestMs / DAY_MS);
    rows += one.count;
    visits += one.count * (to - from + 1);
    if (visits > MOST_VISITS * rows + MOST_VISITS * 65_536) break;
    for (let day = from; day <= to; day++) days.set(day, [...days.get(day) ?? [], one]);
  }
  const room = new Room();
  if (visits > MOST_VISITS * rows) return yield room.filled(looked, -Infinity, Infinity);
  for (let day = first; day <= last; day++) {
    const own = days.get(day);
    if (own !== undefined) yield room.filled(own, day * DAY_MS, (day + 1) * DAY_MS);
  }
}

/** What is looked at of a chunk. */
interface Looked {
  index: number;
  chunk: Chunk;
  rows: Uint32Array | undefined;
  count: number;
  leastMs: number;
  greatestMs: number;
}

function lookedAt(chunk: Chunk, index: number, chosen?: (index: number) => Uint32Array | undefined): Looked {
  const rows = chosen?.(index);
  if (chosen !== undefined && rows === undefined) {
    return { index, chunk, rows, count: 0, leastMs: Infinity, greatestMs: -Infinity };
  }
  const { timesMs } = chunk;
  let leastMs = Infinity, greatestMs = -Infinity;
  for (let row = 0; row < chunk.rows; row++) {
    const timeMs = timesMs[row]!;
    if (timeMs < leastMs) leastMs = timeMs;
    if (timeMs > greatestMs) greatestMs = timeMs;
  }
  return { index, chunk, rows, count: rows?.length ?? chunk.rows, leastMs, greatestMs };
}

class Room {
  #timesMs = new Float64Array(0);
  #places = new Uint32Array(0);
  #indexes = new Uint32Array(0);
  #keys = new Int32Array(0);

  filled(looked: readonly Looked[], fromMs: number, toMs: number): TimedRows {
    const most = looked.reduce((sum, { count }) => sum + count, 0);
    if (most > this.#timesMs.length) {
      this.#timesMs = new Float64Array(most);
      this.#places = new Uint32Array(most);
      this.#indexes = new Uint32Array(most);
      this.#keys = new Int32Array(most);
    }
    const timesMs = this.#timesMs, places = this.#places, indexes = this.#indexes;
    let count = 0;
    let isSorted = true;
    let lastMs = -Infinity;
    for (const { index, chunk, rows, count: own } of looked) {
      for (let at = 0; at < own; at++) {
        const row = rows === undefined ? at : rows[at]!;
        const timeMs = chunk.timesMs[row]!;
        if (timeMs < fromMs || timeMs >= toMs) continue;
        if (timeMs < lastMs) isSorted = false;
        lastMs = timeMs;
        timesMs[count] = timeMs;
        places[count] = rowPlace(index, row);
        indexes[count++] = at;
      }
    }
    return { count, timesMs, places, indexes, keys: this.#keys, isSorted };
  }
}

/** Calls a function with the places of all rows that share their time and their key with another one. */
export function markEqual(rows: TimedRows, mark: (place: number) => void): void {
  if (!rows.isSorted) return markHashed(rows, 0, rows.count, mark);
  const { count, timesMs, keys, places } = rows;
  for (let start = 0, end = 0; start < count; start = end) {
    const timeMs = timesMs[start]!;
    for (end = start + 1; end < count && timesMs[end] === timeMs;) end++;
    if (end - start === 1) continue;
    if (end - start > FEW) {
      markHashed(rows, start, end, mark);
      continue;
    }
    for (let at = start; at < end; at++) {
      for (let other = at + 1; other < end; other++) {
        if (keys[at] !== keys[other]) continue;
        mark(places[at]!);
        mark(places[other]!);
      }
    }
  }
}

function markHashed(
  { timesMs, keys, places }: TimedRows,
  start: number,
  end: number,
  mark: (place: number) => void,
): void {
  let size = 1024;
  while (size < 2 * (end - start)) size *= 2;
  /** Positions from `start`, plus 1; 0 is free. */
  const slots = new Int32Array(size);
  for (let at = start; at < end; at++) {
    const timeMs = timesMs[at]!;
    const hash = mixedHash(Math.imul(timeMs | 0, 0x9e3779b1) ^ Math.imul(keys[at]!, 0x85ebca6b) ^ timeMs / 0x100000000);
    for (let slot = hash & (size - 1);; slot = (slot + 1) & (size - 1)) {
      const earlier = slots[slot]! - 1;
      if (earlier < 0) {
        slots[slot] = at - start + 1;
        break;
      }
      if (timesMs[start + earlier] !== timeMs || keys[start + earlier] !== keys[at]) continue;
      mark(places[start + earlier]!);
      mark(places[at]!);
      break;
    }
  }
}
