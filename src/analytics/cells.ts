/** Numbers for the cells of a report, which are many and mostly empty when it is cut fine. */

/** The number that no cell has. */
export const NO_CELL = 0;
/** Cells up to this number are found by where they are: segment × buckets + bucket + 1. Others are numbered as they come. */
export const MOST_DENSE_CELLS = 4_000_000;

/** Numbers cells from 1, by segment and bucket. */
export class Cells {
  /** Numbers of cells that are not found by where they are. */
  readonly #others = new Map<number, number>();
  #last = NO_CELL;

  constructor(readonly bucketCount: number) {}

  /** Numbers of cells are below it. */
  get end(): number {
    return this.#last + 1;
  }

  /** The number of a cell, which is given one when it has none. */
  number(segment: number, bucket: number): number {
    const place = segment * this.bucketCount + bucket + 1;
    if (place <= MOST_DENSE_CELLS) {
      this.take(place);
      return place;
    }
    let number = this.#others.get(place);
    if (number === undefined) {
      number = Math.max(this.#last, MOST_DENSE_CELLS) + 1;
      this.#others.set(place, number);
      this.#last = number;
    }
    return number;
  }

  /** Takes notice of a cell that was numbered by where it is. */
  take(cell: number): void {
    if (cell > this.#last) this.#last = cell;
  }

  /** The number of a cell, or NO_CELL when it was never asked for. */
  find(segment: number, bucket: number): number {
    const place = segment * this.bucketCount + bucket + 1;
    if (place > MOST_DENSE_CELLS) return this.#others.get(place) ?? NO_CELL;
    return place <= this.#last ? place : NO_CELL;
  }
}

/** A count for each cell. */
export class CellCounts {
  counts = new Float64Array(1024);

  /** Makes room for cells whose numbers are below `end`. */
  reserve(end: number): void {
    if (end <= this.counts.length) return;
    const counts = new Float64Array(Math.max(end, 2 * this.counts.length));
    counts.set(this.counts);
    this.counts = counts;
  }

  add(cell: number, amount: number): void {
    this.reserve(cell + 1);
    this.counts[cell] += amount;
  }

  get(cell: number): number {
    return this.counts[cell] ?? 0;
  }

  set(cell: number, value: number): void {
    this.reserve(cell + 1);
    this.counts[cell] = value;
  }
}
