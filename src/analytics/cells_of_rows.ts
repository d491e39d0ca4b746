/** Which cell of a report each row belongs to, and counts of events and people by cell. */
import { type CellCounts, type Cells, MOST_DENSE_CELLS } from "./cells.ts";
import type { EventView } from "./rows/event_view.ts";
import type { PersonOrder } from "./rows/person_order.ts";
import { chosenNames, type RowChoice } from "./rows/scan.ts";
import { type CodedSegments, UNKNOWN_SEGMENT } from "./rows/segmenter.ts";
import type { Chunk } from "./table/chunk.ts";
import type { BucketCursor } from "./time_buckets.ts";

/** The lines of a report that rows belong to, as numbers; a `Segmenter` is one. */
export interface Lines {
  /** By number; more may come up while rows are counted. */
  readonly keys: readonly string[];
  bind(chunk: Chunk): (row: number) => number;
  coded(chunk: Chunk): CodedSegments | undefined;
  several(number: number): readonly number[];
}

const CHUNK_ROWS = 65_536;
/** A row that is not counted. */
const NO_CELL = -1;
/** Numbers from this one down stand for the cells of a row that belongs to several. */
const FIRST_LIST = -2;

export class CellsOfRows {
  readonly #chosen: Uint8Array;
  readonly #cursor: BucketCursor;
  #lists: (readonly number[])[] = [];

  constructor(
    private readonly view: EventView,
    private readonly choice: RowChoice,
    private readonly lines: Lines,
    private readonly cells: Cells,
  ) {
    this.#chosen = chosenNames(view, choice.names);
    this.#cursor = choice.buckets.cursor();
  }

  countEvents(events: CellCounts): void {
    const found = new Int32Array(CHUNK_ROWS);
    for (const chunk of this.view.chunks) {
      this.#lists = [];
      this.#locate(chunk, found);
      events.reserve(this.cells.end);
      addEach(found, chunk.rows, this.#lists, events.counts);
    }
  }

  /** Goes through the rows person by person: whom a cell counted last says whether a person is new to it. */
  countPeople(events: CellCounts, users: CellCounts): void {
    const { chunks, byPerson } = this.view;
    const found = new Int32Array(chunks.length * CHUNK_ROWS);
    for (const [index, chunk] of chunks.entries()) {
      this.#locate(chunk, found.subarray(index * CHUNK_ROWS, index * CHUNK_ROWS + chunk.rows));
    }
    events.reserve(this.cells.end);
    users.reserve(this.cells.end);
    const last = new Uint32Array(this.cells.end);
    addPeople(byPerson, found, this.#lists, events.counts, users.counts, last);
  }

  /** Finds the cell of each row of a chunk. */
  #locate(chunk: Chunk, found: Int32Array): void {
    const { choice, lines } = this;
    const coded = lines.coded(chunk);
    const lineOf = coded === undefined ? lines.bind(chunk) : undefined;
    const passes = choice.where?.bind(chunk);
    const rest = { chosen: this.#chosen, cursor: this.#cursor, passes };
    const last = coded !== undefined
      ? locateCodes(chunk, rest, coded, this.cells.bucketCount, this.#cellOf, found)
      : locateEach(chunk, rest, lineOf!, this.#cellOf, found);
    this.cells.take(last);
  }

  readonly #cellOf = (line: number, bucket: number): number => {
    if (line >= 0) return this.cells.number(line, bucket);
    const lines = this.lines.several(line);
    if (lines.length === 0) return NO_CELL;
    return FIRST_LIST - (this.#lists.push(lines.map((each) => this.cells.number(each, bucket))) - 1);
  };
}

/** What decides whether a row is looked at, and in which bucket it is. */
interface Rest {
  chosen: Uint8Array;
  cursor: BucketCursor;
  passes: ((row: number) => boolean) | undefined;
}

type CellOf = (line: number, bucket: number) => number;

/** Returns the highest cell that was found by where it is. A loop for millions of rows: all that it needs is at hand. */
function locateCodes(
  { rows, names, timesMs, hidden }: Chunk,
  { chosen, cursor, passes }: Rest,
  { codes, segments, resolve }: CodedSegments,
  bucketCount: number,
  cellOf: CellOf,
  found: Int32Array,
): number {
  let last = NO_CELL;
  for (let row = 0; row < rows; row++) {
    let cell = NO_CELL;
    if (chosen[names[row]!] === 1 && (hidden === undefined || hidden[row] === 0)) {
      const bucket = cursor.indexOf(timesMs[row]!);
      if (bucket >= 0 && (passes === undefined || passes(row))) {
        const code = codes[row]!;
        let line = segments[code]!;
        if (line === UNKNOWN_SEGMENT) line = resolve(code);
        cell = line * bucketCount + bucket;
        if (line < 0 || cell >= MOST_DENSE_CELLS) cell = cellOf(line, bucket);
        else if (cell > last) last = cell;
      }
    }
    found[row] = cell;
  }
  return last;
}

function locateEach(
  { rows, names, timesMs, hidden }: Chunk,
  { chosen, cursor, passes }: Rest,
  lineOf: (row: number) => number,
  cellOf: CellOf,
  found: Int32Array,
): number {
  for (let row = 0; row < rows; row++) {
    let cell = NO_CELL;
    if (chosen[names[row]!] === 1 && (hidden === undefined || hidden[row] === 0)) {
      const bucket = cursor.indexOf(timesMs[row]!);
      if (bucket >= 0 && (passes === undefined || passes(row))) cell = cellOf(lineOf(row), bucket);
    }
    found[row] = cell;
  }
  return NO_CELL;
}

function addEach(found: Int32Array, rows: number, lists: readonly (readonly number[])[], counts: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const cell = found[row]!;
    if (cell >= 0) counts[cell]++;
    else if (cell <= FIRST_LIST) for (const each of lists[FIRST_LIST - cell]!) counts[each]++;
  }
}

/** Counts each person once a cell, and each event; `found` is by places, which are in the order of people. */
function addPeople(
  { starts, places }: PersonOrder,
  found: Int32Array,
  lists: readonly (readonly number[])[],
  events: Float64Array,
  users: Float64Array,
  last: Uint32Array,
): void {
  for (let person = 1; person + 1 < starts.length; person++) {
    const end = starts[person + 1]!;
    for (let at = starts[person]!; at < end; at++) {
      const cell = found[places[at]!]!;
      if (cell === NO_CELL) continue;
      if (cell >= 0) {
        events[cell]++;
        if (last[cell] !== person) {
          last[cell] = person;
          users[cell]++;
        }
        continue;
      }
      for (const each of lists[FIRST_LIST - cell]!) {
        events[each]++;
        if (last[each] === person) continue;
        last[each] = person;
        users[each]++;
      }
    }
  }
}
