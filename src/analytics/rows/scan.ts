/** Visits the rows that a report looks at. */
import type { Buckets } from "../time_buckets.ts";
import type { Chunk } from "../table/chunk.ts";
import type { EventView } from "./event_view.ts";
import { RowBuckets } from "./row_buckets.ts";
import { acrossChunks, type RowFilter } from "./row_value.ts";

/** Which rows. */
export interface RowChoice {
  /** Names of events; without it, all. */
  names?: readonly string[];
  buckets: Buckets;
  where?: RowFilter;
}

/** By code of an event's name: 1 for those that are looked at. */
export function chosenNames({ table }: EventView, names: readonly string[] | undefined): Uint8Array {
  const chosen = new Uint8Array(table.names.count);
  if (names === undefined) return chosen.fill(1);
  for (const name of names) {
    const code = table.names.find(name);
    if (code >= 0) chosen[code] = 1;
  }
  return chosen;
}

/** Visits the rows of a chunk, each with its bucket. */
type VisitRows = (visit: (row: number, bucket: number) => void) => void;

/** Visits rows in the order of the table, each with its bucket. */
export function visitRows(
  view: EventView,
  choice: RowChoice,
  bind: (chunk: Chunk) => (row: number, bucket: number) => void,
): void {
  visitChunks(view, choice, (chunk, _, visitRowsOfChunk) => visitRowsOfChunk(bind(chunk)));
}

/** Visits chunks, with the buckets of all their rows, and a function that visits those that are looked at. */
export function visitChunks(
  view: EventView,
  { names, buckets, where }: RowChoice,
  visit: (chunk: Chunk, buckets: Int32Array, visitRows: VisitRows) => void,
): void {
  const chosen = chosenNames(view, names);
  const rowBuckets = new RowBuckets(view, buckets);
  for (const chunk of view.chunks) {
    const found = rowBuckets.of(chunk);
    visit(chunk, found, (visitRow) => visitChunk(chunk, chosen, found, where?.bind(chunk), visitRow));
  }
}

function visitChunk(
  { rows, names, hidden }: Chunk,
  chosen: Uint8Array,
  buckets: Int32Array,
  passes: ((row: number) => boolean) | undefined,
  visit: (row: number, bucket: number) => void,
): void {
  for (let row = 0; row < rows; row++) {
    if (chosen[names[row]!] === 0 || (hidden !== undefined && hidden[row] === 1)) continue;
    const bucket = buckets[row]!;
    if (bucket >= 0 && (passes === undefined || passes(row))) visit(row, bucket);
  }
}

/**
 * Visits rows person by person, each person's in the order of time: their positions in that order. `person` is a number
 * that stands for a person, and is above 0.
 */
export function visitPeople(
  view: EventView,
  { names, buckets, where }: RowChoice,
  visit: (person: number, at: number, bucket: number) => void,
): void {
  const chosen = chosenNames(view, names);
  const cursor = buckets.cursor();
  const passes = where === undefined ? undefined : acrossChunks(view.chunks, where);
  const { starts, places, timesMs, names: codes } = view.byPerson;
  for (let person = 1; person + 1 < starts.length; person++) {
    const end = starts[person + 1]!;
    for (let at = starts[person]!; at < end; at++) {
      if (chosen[codes[at]!] === 0) continue;
      const bucket = cursor.indexOf(timesMs[at]!);
      if (bucket < 0) continue;
      if (passes === undefined || passes(places[at]!)) visit(person, at, bucket);
    }
  }
}
