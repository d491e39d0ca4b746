import type { CountType } from "./event.ts";
import type { Buckets } from "./time_buckets.ts";

/** Numbers over time: for each key (an event, a segment) a number for each bucket, zeros included. */
export interface Series {
  series: string[];
  values: Record<string, Record<string, number>>;
}

/** One line of a report while it is counted. Cells are sparse: a year of minutes has half a million buckets. */
interface Row {
  total: number;
  readonly counts: Map<number, number>;
  readonly users: Map<number, Set<string>>;
}

/** Counts events, distinct users, or events per user, by key and bucket. */
export class SeriesCounter {
  readonly #rows = new Map<string, Row>();
  readonly #countsEvents: boolean;
  readonly #countsUsers: boolean;

  /** `keys` appear in the result also when nothing is counted for them. */
  constructor(private readonly type: CountType, private readonly buckets: Buckets, keys: Iterable<string> = []) {
    this.#countsEvents = type !== "unique";
    this.#countsUsers = type !== "general";
    for (const key of keys) this.#row(key);
  }

  /** Counts one event of a user; `bucketIndex` is a position in the buckets' keys. */
  add(key: string, bucketIndex: number, distinctId: string): void {
    const row = this.#rows.get(key) ?? this.#row(key);
    if (this.#countsUsers) {
      const users = row.users.get(bucketIndex);
      if (users === undefined) {
        row.users.set(bucketIndex, new Set([distinctId]));
        if (!this.#countsEvents) row.total++;
      } else if (!users.has(distinctId)) {
        users.add(distinctId);
        if (!this.#countsEvents) row.total++;
      }
    }
    if (this.#countsEvents) {
      row.counts.set(bucketIndex, (row.counts.get(bucketIndex) ?? 0) + 1);
      row.total++;
    }
  }

  /** Every row, in the order in which the keys came up. */
  inOrder(): Series {
    return this.#series([...this.#rows]);
  }

  /**
   * The `limit` largest rows, largest first, ties by key. A row's size is its number of events, or, when users are
   * counted, the sum of its buckets.
   */
  top(limit: number): Series {
    const rows = [...this.#rows].sort(([a, { total: x }], [b, { total: y }]) => y - x || (a < b ? -1 : 1));
    return this.#series(rows.slice(0, limit));
  }

  #row(key: string): Row {
    const row: Row = { total: 0, counts: new Map(), users: new Map() };
    this.#rows.set(key, row);
    return row;
  }

  #series(rows: [string, Row][]): Series {
    const { keys } = this.buckets;
    const cells = ([key, row]: [string, Row]): [string, Record<string, number>] => {
      const values: Record<string, number> = {};
      for (let index = 0; index < keys.length; index++) values[keys[index]] = this.#cell(row, index);
      return [key, values];
    };
    // Object.fromEntries, unlike assignment, takes any key, `__proto__` included.
    return { series: [...keys], values: Object.fromEntries(rows.map(cells)) };
  }

  #cell(row: Row, bucketIndex: number): number {
    const events = row.counts.get(bucketIndex) ?? 0;
    if (this.type === "general") return events;
    const users = row.users.get(bucketIndex)?.size ?? 0;
    return this.type === "unique" ? users : users === 0 ? 0 : events / users;
  }
}
