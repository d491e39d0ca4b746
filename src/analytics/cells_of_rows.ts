/** Which cell of a report each row belongs to, and counts of events and people by cell. */
import { type CellCounts, type Cells, MOST_DENSE_CELLS, NO_CELL } from "./cells.ts";
import type { EventView } from "./rows/event_view.ts";
import { nameMasks, wordsOf } from "./rows/name_masks.ts";
import type { PersonOrder } from "./rows/person_order.ts";
import { RowBuckets } from "./rows/row_buckets.ts";
import type { RowChoice } from "./rows/scan.ts";
import { type CodedSegments, UNKNOWN_SEGMENT } from "./rows/segmenter.ts";
import type { Chunk } from "./table/chunk.ts";
import { CHUNK_ROWS } from "./table/event_table.ts";

/** The lines of a report that rows belong to, as numbers; a `Segmenter` is one. */
export interface ReportLines {
  /** By number; more may come up while rows are counted. */
  readonly keys: readonly string[];
  bind(chunk: Chunk): (row: number) => number;
  coded(chunk: Chunk): CodedSegments | undefined;
  several(number: number): readonly number[];
}

/** Numbers from this one down stand for the cells of a row that belongs to several. */
const FIRST_LIST = -1;
/** Bits that say whom each cell has counted: no more than eight megabytes. */
const MOST_MARKS = 64 * 1024 * 1024;
const NOBODY = 0;
/** So many codes are worth looking at before there is a row of each. */
const FEW_CODES = 4096;

export class CellsOfRows {
  /** By code of an event's name: all bits for those that are looked at, and none for others. */
  readonly #masks: Int32Array;
  readonly #buckets: RowBuckets;
  readonly #names = new Uint32Array(CHUNK_ROWS);
  readonly #codes = new Uint32Array(CHUNK_ROWS);
  #lists: (readonly number[])[] = [];

  constructor(
    private readonly view: EventView,
    private readonly choice: RowChoice,
    private readonly lines: ReportLines,
    private readonly cells: Cells,
  ) {
    this.#masks = nameMasks(view, choice.names);
    this.#buckets = new RowBuckets(view, choice.buckets);
  }

  countEvents(events: CellCounts): void {
    const found = new Int32Array(CHUNK_ROWS);
    for (const chunk of this.view.chunks) {
      if (this.#countCodes(chunk, events)) continue;
      this.#lists = [];
      this.#locate(chunk, found);
      events.reserve(this.cells.end);
      addEvents(found, chunk.rows, this.#lists, events.counts);
    }
  }

  /** Counts the rows of a chunk at once, if there are few codes, and each is one line's. */
  #countCodes(chunk: Chunk, events: CellCounts): boolean {
    const { choice, cells } = this;
    const coded = choice.where === undefined && chunk.hidden === undefined ? this.lines.coded(chunk) : undefined;
    if (coded === undefined || coded.segments.length > FEW_CODES) return false;
    const firstCells = firstCellsOf(coded, cells.bucketCount);
    if (firstCells === undefined) return false;
    cells.take(firstCells.reduce((most, cell) => Math.max(most, cell), NO_CELL) + cells.bucketCount - 1);
    events.reserve(cells.end);
    const buckets = this.#buckets.of(chunk);
    const fours = foursOf(chunk.names), codeFours = foursOf(coded.codes);
    if (fours !== undefined && codeFours !== undefined) {
      addFours(chunk.rows, fours, codeFours, buckets, firstCells, this.#masks, events.counts);
      return true;
    }
    const names = wordsOf(chunk.names, this.#names);
    const codes = coded.codes === chunk.names ? names : wordsOf(coded.codes, this.#codes);
    addCodes(chunk.rows, names, codes, buckets, firstCells, this.#masks, events.counts);
    return true;
  }

  /**
   * Marks whom each cell has counted. Where that is too much, and where events are counted too, it goes through the rows
   * person by person: whom a cell counted last says whether a person is new to it.
   */
  countPeople(users: CellCounts, events: CellCounts | undefined): void {
    const { chunks, table } = this.view;
    const found = new Int32Array(chunks.length * CHUNK_ROWS);
    for (const [index, chunk] of chunks.entries()) {
      this.#locate(chunk, found.subarray(index * CHUNK_ROWS, index * CHUNK_ROWS + chunk.rows));
    }
    users.reserve(this.cells.end);
    const marks = table.people.count * this.cells.end;
    if (events === undefined && marks <= MOST_MARKS) {
      this.#countMarked(found, users.counts, new Int32Array(Math.ceil(marks / 32)));
      return;
    }
    const { byPerson } = this.view;
    addPeople(byPerson, found, this.#lists, users.counts, new Uint32Array(this.cells.end));
    if (events === undefined) return;
    events.reserve(this.cells.end);
    addEventsOfPeople(byPerson, found, this.#lists, events.counts);
  }

  #countMarked(found: Int32Array, users: Float64Array, marks: Int32Array): void {
    const { chunks, canonical } = this.view;
    for (const [index, chunk] of chunks.entries()) {
      const people = wordsOf(chunk.people, this.#codes);
      const cells = found.subarray(index * CHUNK_ROWS, index * CHUNK_ROWS + chunk.rows);
      addMarked(people, canonical, cells, this.#lists, users, marks, this.cells.end);
    }
  }

  /** Finds the cell of each row of a chunk. */
  #locate(chunk: Chunk, found: Int32Array): void {
    const { choice, lines } = this;
    const { rows, hidden } = chunk;
    const names = wordsOf(chunk.names, this.#names);
    const passes = choice.where?.bind(chunk);
    const looked = { rows, names, hidden, passes, masks: this.#masks, buckets: this.#buckets.of(chunk) };
    const coded = lines.coded(chunk);
    if (coded === undefined) {
      locateEach(looked, lines.bind(chunk), this.#cellOf, found);
      return;
    }
    const codes = coded.codes === chunk.names ? names : wordsOf(coded.codes, this.#codes);
    this.cells.take(locateCodes(looked, codes, coded, this.cells.bucketCount, this.#cellOf, found));
  }

  readonly #cellOf = (line: number, bucket: number): number => {
    if (line >= 0) return this.cells.number(line, bucket);
    const lines = this.lines.several(line);
    if (lines.length === 0) return NO_CELL;
    return FIRST_LIST - (this.#lists.push(lines.map((each) => this.cells.number(each, bucket))) - 1);
  };
}

type CellOf = (line: number, bucket: number) => number;

/** Rows, and what decides whether they are looked at. */
interface LookedAt {
  rows: number;
  names: Uint32Array;
  hidden: Uint8Array | undefined;
  passes: ((row: number) => boolean) | undefined;
  masks: Int32Array;
  buckets: Int32Array;
}

// The functions below run for each of millions of rows; see name_masks.ts.

/** By code: the first cell of its line. Undefined unless each code is of one line, and its cells are where they should be. */
function firstCellsOf({ segments, resolve }: CodedSegments, bucketCount: number): Int32Array | undefined {
  const cells = new Int32Array(segments.length);
  for (let code = 0; code < cells.length; code++) {
    const line = segments[code] === UNKNOWN_SEGMENT ? resolve(code) : segments[code]!;
    cells[code] = line * bucketCount + 1;
    if (line < 0 || (line + 1) * bucketCount > MOST_DENSE_CELLS) return undefined;
  }
  return cells;
}

function addCodes(
  rows: number,
  names: Uint32Array,
  codes: Uint32Array,
  buckets: Int32Array,
  firstCells: Int32Array,
  masks: Int32Array,
  counts: Float64Array,
): void {
  for (let row = 0; row < rows; row++) {
    const bucket = buckets[row]!;
    if (bucket >= 0) counts[(firstCells[codes[row]!]! + bucket) & masks[names[row]!]!]++;
  }
}

/** Codes of a byte each, four in a word, where there are four for each word. */
function foursOf(codes: ArrayLike<number>): Uint32Array | undefined {
  if (!(codes instanceof Uint8Array) || codes.byteOffset % 4 !== 0 || codes.length % 4 !== 0) return undefined;
  return new Uint32Array(codes.buffer, codes.byteOffset, codes.length / 4);
}

/** The same as `addCodes` for codes of a byte each. */
function addFours(
  rows: number,
  names: Uint32Array,
  codes: Uint32Array,
  buckets: Int32Array,
  firstCells: Int32Array,
  masks: Int32Array,
  counts: Float64Array,
): void {
  for (let row = 0; row < rows; row += 4) {
    let name = names[row >> 2]!, code = codes[row >> 2]!;
    for (let at = row; at < row + 4; at++) {
      const bucket = buckets[at]!;
      if (bucket >= 0) counts[(firstCells[code & 0xff]! + bucket) & masks[name & 0xff]!]++;
      name >>>= 8;
      code >>>= 8;
    }
  }
}

/** Returns the highest cell that was found by where it is. */
function locateCodes(
  { rows, names, hidden, passes, masks, buckets }: LookedAt,
  codes: Uint32Array,
  { segments, resolve }: CodedSegments,
  bucketCount: number,
  cellOf: CellOf,
  found: Int32Array,
): number {
  let last = NO_CELL;
  for (let row = 0; row < rows; row++) {
    const mask = masks[names[row]!]!;
    const bucket = buckets[row]!;
    if (bucket < 0 || (hidden !== undefined && hidden[row] === 1)) {
      found[row] = NO_CELL;
      continue;
    }
    const code = codes[row]!;
    let line = segments[code]!;
    if (line === UNKNOWN_SEGMENT) line = resolve(code);
    let cell = line * bucketCount + bucket + 1;
    if (line < 0 || cell > MOST_DENSE_CELLS) cell = mask === 0 ? NO_CELL : cellOf(line, bucket);
    else cell &= mask;
    if (passes !== undefined && cell !== NO_CELL && !passes(row)) cell = NO_CELL;
    if (cell > last) last = cell;
    found[row] = cell;
  }
  return last;
}

function locateEach(
  { rows, names, hidden, passes, masks, buckets }: LookedAt,
  lineOf: (row: number) => number,
  cellOf: CellOf,
  found: Int32Array,
): void {
  for (let row = 0; row < rows; row++) {
    let cell = NO_CELL;
    if (masks[names[row]!] !== 0 && (hidden === undefined || hidden[row] === 0)) {
      const bucket = buckets[row]!;
      if (bucket >= 0 && (passes === undefined || passes(row))) cell = cellOf(lineOf(row), bucket);
    }
    found[row] = cell;
  }
}

function addEvents(found: Int32Array, rows: number, lists: readonly (readonly number[])[], counts: Float64Array): void {
  for (let row = 0; row < rows; row++) {
    const cell = found[row]!;
    if (cell >= 0) counts[cell]++;
    else for (const each of lists[FIRST_LIST - cell]!) counts[each]++;
  }
}

/**
 * Counts each person once a cell.
 *
 * @param found by row
 * @param marks a bit for each person and cell that says whether it has counted them
 */
function addMarked(
  people: Uint32Array,
  canonical: Uint32Array | undefined,
  found: Int32Array,
  lists: readonly (readonly number[])[],
  users: Float64Array,
  marks: Int32Array,
  cellCount: number,
): void {
  for (let row = 0; row < found.length; row++) {
    const cell = found[row]!;
    const code = people[row]!;
    if (cell === NO_CELL || code === NOBODY) continue;
    const first = (canonical === undefined ? code : canonical[code]!) * cellCount;
    if (cell >= 0) users[cell]! += newMark(marks, first + cell);
    else for (const each of lists[FIRST_LIST - cell]!) users[each]! += newMark(marks, first + each);
  }
}

/** Sets a mark. Returns 1 if it was not set before, and else 0. */
function newMark(marks: Int32Array, mark: number): number {
  const word = marks[mark >> 5]!;
  const marked = word | 1 << (mark & 31);
  marks[mark >> 5] = marked;
  return marked === word ? 0 : 1;
}

/** Counts each person once a cell; `found` is by places. */
function addPeople(
  { starts, places }: PersonOrder,
  found: Int32Array,
  lists: readonly (readonly number[])[],
  users: Float64Array,
  last: Uint32Array,
): void {
  for (let person = 1; person + 1 < starts.length; person++) {
    const end = starts[person + 1]!;
    for (let at = starts[person]!; at < end; at++) {
      const cell = found[places[at]!]!;
      if (cell >= 0) {
        users[cell] += last[cell] === person ? 0 : 1;
        last[cell] = person;
        continue;
      }
      for (const each of lists[FIRST_LIST - cell]!) {
        users[each] += last[each] === person ? 0 : 1;
        last[each] = person;
      }
    }
  }
}

/** Counts the events of people, which leaves out those of nobody. */
function addEventsOfPeople(
  { places }: PersonOrder,
  found: Int32Array,
  lists: readonly (readonly number[])[],
  counts: Float64Array,
): void {
  for (const place of places) {
    const cell = found[place]!;
    if (cell >= 0) counts[cell]++;
    else for (const each of lists[FIRST_LIST - cell]!) counts[each]++;
  }
}
