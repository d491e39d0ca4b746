import { CellCounts, Cells } from "./cells.ts";
import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import { acrossChunks } from "./rows/row_value.ts";
import { type RowChoice, visitPeople, visitRows } from "./rows/scan.ts";
import type { Chunk } from "./table/chunk.ts";

/** Numbers over time: for each key (an event, a segment) a number for each bucket, zeros included. */
export interface Series {
  series: string[];
  values: Record<string, Record<string, number>>;
}

/** The lines of a series that rows belong to, as numbers; see `Segmenter`. */
interface Lines {
  /** By number; more may come up while rows are counted. */
  readonly keys: readonly string[];
  bind(chunk: Chunk): (row: number) => number;
  several(number: number): readonly number[];
}

/** Counts events, distinct users, or events per user, by line and bucket. */
export class SeriesCounter {
  readonly #cells: Cells;
  readonly #events = new CellCounts();
  readonly #users = new CellCounts();

  constructor(view: EventView, private readonly type: CountType, private readonly choice: RowChoice, private readonly lines: Lines) {
    this.#cells = new Cells(choice.buckets.keys.length);
    if (type === "general") this.#countRows(view);
    else this.#countPeople(view);
  }

  /** Every line, in the order in which the keys came up. */
  inOrder(): Series {
    return this.#series([...this.lines.keys.keys()]);
  }

  /**
   * The `limit` largest lines, largest first, ties by key. A line's size is its number of events, or, when users are
   * counted, the sum of its buckets.
   */
  top(limit: number): Series {
    const { keys } = this.lines;
    const sizes = keys.map((_, line) => this.#sizeOf(line));
    const order = [...keys.keys()].sort((a, b) => sizes[b]! - sizes[a]! || (keys[a]! < keys[b]! ? -1 : 1));
    return this.#series(order.slice(0, limit));
  }

  #countRows(view: EventView): void {
    const { lines } = this;
    const cells = this.#cells;
    const events = this.#events;
    visitRows(view, this.choice, (chunk) => {
      const lineOf = lines.bind(chunk);
      return (row, bucket) => {
        const line = lineOf(row);
        if (line >= 0) events.add(cells.number(line, bucket), 1);
        else for (const each of lines.several(line)) events.add(cells.number(each, bucket), 1);
      };
    });
  }

  /** Rows come person by person, so that whom a cell counted last says whether a person is new to it. */
  #countPeople(view: EventView): void {
    const { lines } = this;
    const lineOf = acrossChunks(view.chunks, lines);
    const last = new CellCounts();
    const count = (line: number, bucket: number, person: number) => {
      const cell = this.#cells.number(line, bucket);
      this.#events.add(cell, 1);
      if (last.get(cell) === person) return;
      last.set(cell, person);
      this.#users.add(cell, 1);
    };
    visitPeople(view, this.choice, (person, place, bucket) => {
      const line = lineOf(place);
      if (line >= 0) count(line, bucket, person);
      else for (const each of lines.several(line)) count(each, bucket, person);
    });
  }

  #sizeOf(line: number): number {
    const counts = this.type === "unique" ? this.#users : this.#events;
    let size = 0;
    for (let bucket = 0; bucket < this.choice.buckets.keys.length; bucket++) {
      const cell = this.#cells.find(line, bucket);
      if (cell >= 0) size += counts.get(cell);
    }
    return size;
  }

  #series(lines: readonly number[]): Series {
    const { keys } = this.choice.buckets;
    const rows = lines.map((line): [string, Record<string, number>] => {
      const values: Record<string, number> = {};
      for (let bucket = 0; bucket < keys.length; bucket++) values[keys[bucket]!] = this.#value(line, bucket);
      return [this.lines.keys[line]!, values];
    });
    // Object.fromEntries, unlike assignment, takes any key, `__proto__` included.
    return { series: [...keys], values: Object.fromEntries(rows) };
  }

  #value(line: number, bucket: number): number {
    const cell = this.#cells.find(line, bucket);
    if (cell < 0) return 0;
    const events = this.#events.get(cell);
    if (this.type === "general") return events;
    const users = this.#users.get(cell);
    return this.type === "unique" ? users : users === 0 ? 0 : events / users;
  }
}
