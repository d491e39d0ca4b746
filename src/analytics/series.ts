import { CellCounts, Cells, NO_CELL } from "./cells.ts";
import { CellsOfRows, type ReportLines } from "./cells_of_rows.ts";
import type { CountType } from "./count_type.ts";
import type { EventView } from "./rows/event_view.ts";
import type { RowChoice } from "./rows/scan.ts";
import type { Buckets } from "./time_buckets.ts";

/** Numbers over time: for each key (an event, a segment) a number for each bucket, zeros included. */
export interface Series {
  series: string[];
  values: Record<string, Record<string, number>>;
}

/** Counts of events and of distinct users by line and bucket, as a series. */
export class SeriesCounts {
  readonly cells: Cells;
  readonly events = new CellCounts();
  readonly users = new CellCounts();

  /** @param lines their keys may become more while they are counted */
  constructor(
    readonly type: CountType,
    readonly buckets: Buckets,
    private readonly lines: Pick<ReportLines, "keys">,
  ) {
    this.cells = new Cells(buckets.keys.length);
  }

  /** Every line, in the order in which the keys came up. */
  inOrder(): Series {
    return this.#series([...this.lines.keys.keys()]);
  }

  /**
   * The `limit` largest lines, largest first, ties by key. A line's size is its number of events, or, when users are
   * counted, the sum of its buckets. ReportLines without any are left out, but for those that were asked for.
   */
  top(limit: number, asked: ReadonlySet<string> = new Set()): Series {
    const { keys } = this.lines;
    const sizes = keys.map((_, line) => this.#sizeOf(line));
    const order = [...keys.keys()].filter((line) => sizes[line]! > 0 || asked.has(keys[line]!))
      .sort((a, b) => sizes[b]! - sizes[a]! || (keys[a]! < keys[b]! ? -1 : 1));
    return this.#series(order.slice(0, limit));
  }

  #sizeOf(line: number): number {
    const counts = this.type === "unique" ? this.users : this.events;
    let size = 0;
    for (let bucket = 0; bucket < this.buckets.keys.length; bucket++) {
      const cell = this.cells.find(line, bucket);
      if (cell !== NO_CELL) size += counts.get(cell);
    }
    return size;
  }

  #series(lines: readonly number[]): Series {
    const { keys } = this.buckets;
    const rows = lines.map((line): [string, Record<string, number>] => {
      const values: Record<string, number> = {};
      for (let bucket = 0; bucket < keys.length; bucket++) values[keys[bucket]!] = this.#value(line, bucket);
      return [this.lines.keys[line]!, values];
    });
    // Object.fromEntries, unlike assignment, takes any key, `__proto__` included.
    return { series: [...keys], values: Object.fromEntries(rows) };
  }

  #value(line: number, bucket: number): number {
    const cell = this.cells.find(line, bucket);
    if (cell === NO_CELL) return 0;
    const events = this.events.get(cell);
    if (this.type === "general") return events;
    const users = this.users.get(cell);
    return this.type === "unique" ? users : users === 0 ? 0 : events / users;
  }
}

/** Counts events, distinct users, or events per user, by line and bucket. */
export class SeriesCounter extends SeriesCounts {
  constructor(view: EventView, type: CountType, choice: RowChoice, lines: ReportLines) {
    super(type, choice.buckets, lines);
    const rows = new CellsOfRows(view, choice, lines, this.cells);
    if (type === "general") rows.countEvents(this.events);
    else rows.countPeople(this.users, type === "average" ? this.events : undefined);
  }
}
