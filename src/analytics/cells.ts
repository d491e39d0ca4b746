/** Numbers for the cells of a report, which are many and mostly empty when it is cut fine. */

/** More cells than this are numbered as they come up, and not by where they are. */
const MOST_DENSE_CELLS = 4_000_000;

/** Numbers cells, from 0 and without large gaps, by segment and bucket. */
export class Cells {
  #numbers: Map<number, number> | undefined;
  /** Cell numbers are below it. */
  #end = 0;

  constructor(private readonly bucketCount: number) {}

  /** The number of a cell, which is given one when it has none. */
  number(segment: number, bucket: number): number {
    const index = segment * this.bucketCount + bucket;
    if (this.#numbers === undefined) {
      if (index < MOST_DENSE_CELLS) {
        if (index >= this.#end) this.#end = index + 1;
        return index;
      }
      this.#numberAsTheyCome();
    }
    let number = this.#numbers!.get(index);
    if (number === undefined) this.#numbers!.set(index, number = this.#end++);
    return number;
  }

  /** The number of a cell, or -1 when it was never asked for. */
  find(segment: number, bucket: number): number {
    const index = segment * this.bucketCount + bucket;
    if (this.#numbers === undefined) return index < this.#end ? index : -1;
    return this.#numbers.get(index) ?? -1;
  }

  #numberAsTheyCome(): void {
    this.#numbers = new Map();
    for (let index = 0; index < this.#end; index++) this.#numbers.set(index, index);
  }
}

/** A count for each cell. */
export class CellCounts {
  #counts = new Float64Array(1024);

  /** Adds to a cell. */
  add(cell: number, amount: number): void {
    if (cell >= this.#counts.length) this.#grow(cell + 1);
    this.#counts[cell] += amount;
  }

  get(cell: number): number {
    return this.#counts[cell] ?? 0;
  }

  set(cell: number, value: number): void {
    if (cell >= this.#counts.length) this.#grow(cell + 1);
    this.#counts[cell] = value;
  }

  #grow(least: number): void {
    const counts = new Float64Array(Math.max(least, 2 * this.#counts.length));
    counts.set(this.#counts);
    this.#counts = counts;
  }
}
