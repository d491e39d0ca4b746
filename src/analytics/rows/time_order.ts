/** Rows in the order of time. */
import type { Chunk } from "../table/chunk.ts";
import type { EventView } from "./event_view.ts";
import { rowPlace } from "./row_value.ts";

/** The places of the rows that are chosen and not hidden, in the order of time; those of a moment as they came. */
export function placesByTime(view: EventView, bind: (chunk: Chunk) => (row: number) => boolean): Uint32Array {
  const { chunks } = view;
  const places = new Uint32Array(chunks.reduce((sum, { rows }) => sum + rows, 0));
  let count = 0;
  let isSorted = true;
  let lastMs = -Infinity;
  for (const [index, chunk] of chunks.entries()) {
    const isChosen = bind(chunk);
    const { timesMs, hidden } = chunk;
    for (let row = 0; row < chunk.rows; row++) {
      if (hidden?.[row] === 1 || !isChosen(row)) continue;
      const timeMs = timesMs[row]!;
      if (timeMs < lastMs) isSorted = false;
      lastMs = timeMs;
      places[count++] = rowPlace(index, row);
    }
  }
  const found = places.slice(0, count);
  if (isSorted) return found;
  const timeOf = (place: number) => chunks[place >>> 16]!.timesMs[place & 0xffff]!;
  return found.sort((a, b) => timeOf(a) - timeOf(b) || a - b);
}
