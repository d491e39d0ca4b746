/** Numbers for the cells of a report, which are many and mostly empty when it is cut fine. */

/** Cells from this one on are numbered as they come up, and not by where they are: segment × buckets + bucket. */
export const MOST_DENSE_CELLS = 4_000_000;

/** Numbers cells from 0, by segment and bucket. */
export class Cells {
  /** Numbers of cells that are not found by where they are. */
  readonly #others = new Map<number, number>();
  /** Cell numbers are below it. */
  #end = 0;

  constructor(readonly bucketCount: number) {}

  get end(): number {
    return this.#end;
  }

  /** The number of a cell, which is given one when it has none. */
  number(segment: number, bucket: number): number {
    const index = segment * this.bucketCount + bucket;
    if (index < MOST_DENSE_CELLS) {
      this.take(index);
      return index;
    }
    let number = this.#others.get(index);
    if (number === undefined) {
      number = Math.max(this.#end, MOST_DENSE_CELLS);
      this.#others.set(index, number);
      this.#end = number + 1;
    }
    return number;
  }

  /** Takes notice of a cell that was numbered by where it is. */
  take(cell: number): void {
    if (cell >= this.#end) this.#end = cell + 1;
  }

  /** The number of a cell, or -1 when it was never asked for. */
  find(segment: number, bucket: number): number {
    const index = segment * this.bucketCount + bucket;
    if (index < MOST_DENSE_CELLS) return index < this.#end ? index : -1;
    return this.#others.get(index) ?? -1;
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
