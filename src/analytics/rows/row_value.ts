/** What a report asks of each row, made ready for one chunk at a time. */
import type { Chunk } from "../table/chunk.ts";

/** A value of each row: a compiled `on`. */
export interface RowValue {
  /** Gives the function that computes it for the rows of a chunk. */
  bind(chunk: Chunk): (row: number) => unknown;
  /** The one column of codes that it depends on in a chunk, if that is all: it is then computed once for each code. */
  coded?(chunk: Chunk): CodedValue | undefined;
}

/** A value that is the same for all rows of one code. */
export interface CodedValue {
  /** By row. */
  codes: ArrayLike<number>;
  /** What the codes are of: the same for all chunks in which a code means the same. */
  source: object;
  /** Codes are below it. */
  count: number;
  valueOf(code: number): unknown;
}

/** Whether a row counts: a compiled `where`. */
export interface RowFilter {
  bind(chunk: Chunk): (row: number) => boolean;
}

/** A place in the table: the index of a chunk, and a row of it, which is below 65,536. */
export type RowPlace = number;

export function rowPlace(chunkIndex: number, row: number): RowPlace {
  return ((chunkIndex << 16) | row) >>> 0;
}

/** A function of a chunk's rows, as one of places. */
export function acrossChunks<T>(
  chunks: readonly Chunk[],
  ready: { bind(chunk: Chunk): (row: number) => T },
): (place: RowPlace) => T {
  const bound: ((row: number) => T)[] = [];
  return (place) => {
    const index = place >>> 16;
    const compute = bound[index] ??= ready.bind(chunks[index]!);
    return compute(place & 0xffff);
  };
}

/** A filter that lets everything through. */
export const EVERY_ROW: RowFilter = { bind: () => () => true };
