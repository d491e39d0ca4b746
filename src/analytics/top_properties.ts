import { largest } from "./ranking.ts";
import type { EventView } from "./rows/event_view.ts";
import { chosenNames } from "./rows/scan.ts";
import type { Chunk } from "./table/chunk.ts";
import { valueAt } from "./table/property_column.ts";
import type { Buckets } from "./time_buckets.ts";

const DEFAULT_PROPERTIES = 10;

/**
 * The most frequent property names, each with the number of events that have it. (Mixpanel: `/events/properties/top`)
 * Without an event's name, of all events.
 */
export function topProperties(
  view: EventView,
  { event, buckets, limit = DEFAULT_PROPERTIES }: { event?: string; buckets: Buckets; limit?: number },
): Record<string, number> {
  const chosen = chosenNames(view, event === undefined ? undefined : [event]);
  const counts = new Map<string, number>();
  for (const chunk of view.chunks) {
    const rows = rowsIn(chunk, chosen, buckets);
    for (const property of rows.length === 0 ? [] : view.table.properties()) {
      const count = countPresent(chunk, property, rows);
      if (count > 0) counts.set(property, (counts.get(property) ?? 0) + count);
    }
  }
  return Object.fromEntries(largest(counts, limit));
}

function rowsIn({ rows, names, timesMs, hidden }: Chunk, chosen: Uint8Array, buckets: Buckets): Uint16Array {
  const cursor = buckets.cursor();
  const found = new Uint16Array(rows);
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (chosen[names[row]!] === 0 || hidden?.[row] === 1 || cursor.indexOf(timesMs[row]!) < 0) continue;
    found[count++] = row;
  }
  return found.subarray(0, count);
}

function countPresent(chunk: Chunk, property: string, rows: Uint16Array): number {
  const column = chunk.column(property);
  if (column === undefined) return 0;
  let count = 0;
  if (column.kind === "codes") { for (const row of rows) count += column.codes[row] === 0 ? 0 : 1; }
  else for (const row of rows) count += valueAt(column, row) === undefined ? 0 : 1;
  return count;
}
