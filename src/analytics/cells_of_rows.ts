/** Which cell of a report each row belongs to, and counts of events and people by cell. */
import type { CellCounts, Cells } from "./cells.ts";
import type { EventView } from "./rows/event_view.ts";
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
      this.#add(found, chunk.rows, events.counts);
    }
  }

  /** Goes through the rows person by person: whom a cell counted last says whether a person is new to it. */
  countPeople(events: CellCounts, users: CellCounts): void {
    const { chunks, byPerson: { starts, places } } = this.view;
    const found = new Int32Array(chunks.length * CHUNK_ROWS);
    for (const [index, chunk] of chunks.entries()) {
      this.#locate(chunk, found.subarray(index * CHUNK_ROWS, index * CHUNK_ROWS + chunk.rows));
    }
    const last = new Uint32Array(this.cells.end);
    events.reserve(this.cells.end);
    users.reserve(this.cells.end);
    const [eventCounts, userCounts] = [events.counts, users.counts];
    const count = (cell: number, person: number) => {
      eventCounts[cell]++;
      if (last[cell] === person) return;
      last[cell] = person;
      userCounts[cell]++;
    };
    for (let person = 1; person + 1 < starts.length; person++) {
      const end = starts[person + 1]!;
      for (let at = starts[person]!; at < end; at++) {
        const cell = found[places[at]!]!;
        if (cell >= 0) count(cell, person);
        else if (cell <= FIRST_LIST) for (const each of this.#lists[FIRST_LIST - cell]!) count(each, person);
      }
    }
  }

  #add(found: Int32Array, rows: number, counts: Float64Array): void {
    for (let row = 0; row < rows; row++) {
      const cell = found[row]!;
      if (cell >= 0) counts[cell]++;
      else if (cell <= FIRST_LIST) for (const each of this.#lists[FIRST_LIST - cell]!) counts[each]++;
    }
  }

  /** Finds the cell of each row of a chunk. */
  #locate(chunk: Chunk, found: Int32Array): void {
    const passes = this.choice.where?.bind(chunk);
    const coded = this.lines.coded(chunk);
    if (coded === undefined) this.#locateEach(chunk, passes, this.lines.bind(chunk), found);
    else this.#locateCodes(chunk, passes, coded, found);
  }

  #locateCodes(
    { rows, names, timesMs, hidden }: Chunk,
    passes: ((row: number) => boolean) | undefined,
    { codes, segments, resolve }: CodedSegments,
    found: Int32Array,
  ): void {
    const chosen = this.#chosen;
    const cursor = this.#cursor;
    for (let row = 0; row < rows; row++) {
      found[row] = NO_CELL;
      if (chosen[names[row]!] === 0 || (hidden !== undefined && hidden[row] === 1)) continue;
      const bucket = cursor.indexOf(timesMs[row]!);
      if (bucket < 0 || (passes !== undefined && !passes(row))) continue;
      const code = codes[row]!;
      const line = segments[code]!;
      found[row] = this.#cellOf(line === UNKNOWN_SEGMENT ? resolve(code) : line, bucket);
    }
  }

  #locateEach(
    { rows, names, timesMs, hidden }: Chunk,
    passes: ((row: number) => boolean) | undefined,
    lineOf: (row: number) => number,
    found: Int32Array,
  ): void {
    const chosen = this.#chosen;
    const cursor = this.#cursor;
    for (let row = 0; row < rows; row++) {
      found[row] = NO_CELL;
      if (chosen[names[row]!] === 0 || (hidden !== undefined && hidden[row] === 1)) continue;
      const bucket = cursor.indexOf(timesMs[row]!);
      if (bucket < 0 || (passes !== undefined && !passes(row))) continue;
      found[row] = this.#cellOf(lineOf(row), bucket);
    }
  }

  #cellOf(line: number, bucket: number): number {
    if (line >= 0) return this.cells.number(line, bucket);
    const lines = this.lines.several(line);
    if (lines.length === 0) return NO_CELL;
    return FIRST_LIST - (this.#lists.push(lines.map((each) => this.cells.number(each, bucket))) - 1);
  }
}
