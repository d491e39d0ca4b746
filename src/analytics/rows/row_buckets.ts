/** The buckets of rows, a chunk at a time. */
import type { Chunk } from "../table/chunk.ts";
import { CHUNK_ROWS } from "../table/event_table.ts";
import type { BucketCursor, Buckets } from "../time_buckets.ts";
import type { EventView } from "./event_view.ts";

/** Runs in the order of time that are shorter than this on average are not worth looking for their ends. */
const SHORT_RUN = 32;

export class RowBuckets {
  readonly #found = new Int32Array(CHUNK_ROWS);
  readonly #cursor: BucketCursor;

  constructor(private readonly view: EventView, private readonly buckets: Buckets) {
    this.#cursor = buckets.cursor();
  }

  /** By row: the position of its bucket, or -1. Good until the next call. */
  of(chunk: Chunk): Int32Array {
    const runs = this.view.runsOf(chunk);
    if (runs.length * SHORT_RUN > chunk.rows) findEach(chunk, this.#cursor, this.#found);
    else for (let run = 0; run + 1 < runs.length; run++) this.#fillStretches(chunk, runs[run]!, runs[run + 1]!);
    return this.#found;
  }

  /** Rows from one up to another that are in the order of time. */
  #fillStretches({ timesMs }: Chunk, from: number, to: number): void {
    for (let row = from; row < to;) {
      const { endMs, index } = this.buckets.stretchAt(timesMs[row]!);
      const end = firstNotBefore(timesMs, endMs, row, to);
      this.#found.fill(index, row, end);
      row = end;
    }
  }
}

function findEach({ rows, timesMs }: Chunk, cursor: BucketCursor, found: Int32Array): void {
  for (let row = 0; row < rows; row++) found[row] = cursor.indexOf(timesMs[row]!);
}

/** The first of rows in the order of time that is not before a moment. */
function firstNotBefore(timesMs: Float64Array, endMs: number, from: number, to: number): number {
  let [low, high] = [from, to];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (timesMs[middle]! < endMs) low = middle + 1;
    else high = middle;
  }
  return low;
}
