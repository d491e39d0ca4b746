/**
 * Rows in the order of people and time: with it, a report that follows people is one pass without sets. Events of nobody,
 * whose distinct id is empty, are left out: Mixpanel keeps them, and excludes them from what is said about people.
 */
import type { Chunk } from "../table/chunk.ts";
import type { EventTable } from "../table/event_table.ts";
import { rowPlace } from "./row_value.ts";

/** What is ordered: rows, and perhaps for each code of a person the one that stands for all ids of that person. */
interface Rows {
  table: EventTable;
  chunks: readonly Chunk[];
  canonical?: Uint32Array;
}

export class PersonOrder {
  /** How many rows there are. */
  readonly length: number;
  /** By person's code, and one more: where their rows begin. */
  readonly starts: Uint32Array;
  /** Where each row is. */
  readonly places: Uint32Array;
  readonly timesMs: Float64Array;
  /** Codes of event names. */
  readonly names: Uint8Array | Uint16Array | Uint32Array;

  constructor(view: Rows) {
    this.starts = startsOf(view);
    this.length = this.starts[this.starts.length - 1]!;
    this.places = new Uint32Array(this.length);
    this.timesMs = new Float64Array(this.length);
    const nameCount = view.table.names.count;
    const Names = nameCount <= 256 ? Uint8Array : nameCount <= 65_536 ? Uint16Array : Uint32Array;
    this.names = new Names(this.length);
    this.#fill(view);
    for (let person = 0; person + 1 < this.starts.length; person++) this.#sort(person);
  }

  #fill(view: Rows): void {
    const { places, timesMs, names } = this;
    const next = this.starts.slice();
    for (const [index, chunk] of view.chunks.entries()) {
      const { people, hidden } = chunk;
      for (let row = 0; row < chunk.rows; row++) {
        if (hidden !== undefined && hidden[row] !== 0) continue;
        const code = people[row]!;
        if (code === NOBODY) continue;
        const person = view.canonical === undefined ? code : view.canonical[code]!;
        const at = next[person]!;
        next[person] = at + 1;
        places[at] = rowPlace(index, row);
        timesMs[at] = chunk.timesMs[row]!;
        names[at] = chunk.names[row]!;
      }
    }
  }

  /** Rows are in the order in which they came, which mostly is that of time. */
  #sort(person: number): void {
    const { places, timesMs, names } = this;
    const start = this.starts[person]!;
    const end = this.starts[person + 1]!;
    let isSorted = true;
    for (let at = start + 1; at < end; at++) if (timesMs[at]! < timesMs[at - 1]!) isSorted = false;
    if (isSorted) return;
    const times = timesMs.slice(start, end);
    const order = Uint32Array.from(times.keys()).sort((a, b) => times[a]! - times[b]! || a - b);
    const oldPlaces = places.slice(start, end);
    const oldNames = names.slice(start, end);
    for (let index = 0; index < order.length; index++) {
      const from = order[index]!;
      places[start + index] = oldPlaces[from]!;
      timesMs[start + index] = times[from]!;
      names[start + index] = oldNames[from]!;
    }
  }
}

const NOBODY = 0;

/** Where the rows of each person begin, and where the last one's end. */
function startsOf({ chunks, canonical, table }: Rows): Uint32Array {
  const starts = new Uint32Array(table.people.count + 1);
  for (const { rows, people, hidden } of chunks) {
    for (let row = 0; row < rows; row++) {
      if (hidden !== undefined && hidden[row] !== 0) continue;
      const person = people[row]!;
      if (person === NOBODY) continue;
      starts[(canonical === undefined ? person : canonical[person]!) + 1]!++;
    }
  }
  for (let person = 1; person < starts.length; person++) starts[person] += starts[person - 1]!;
  return starts;
}
