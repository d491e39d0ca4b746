/** The rows of a statement that counts, as a series of the API. */
import type { CountType } from "../analytics/count_type.ts";
import { type Series, SeriesCounts } from "../analytics/series.ts";
import type { Buckets } from "../analytics/time_buckets.ts";
import type { SqlValue } from "./asking.ts";
import type { Dialect } from "./dialect.ts";

/** A line and a bucket, and how many there are. */
export interface CountedRow {
  keys: readonly string[];
  position: number;
  events: SqlValue;
  users: SqlValue;
}

/** The names of the columns that count what a type asks for. */
export function countNames(type: CountType): string[] {
  return type === "average" ? ["events", "users"] : [type === "unique" ? "users" : "events"];
}

/** Columns that count what a type asks for: `events`, `users`, or both. */
export function countColumns(type: CountType, person: string, dialect: Dialect): string[] {
  const users = `${dialect.countDistinct(person)} AS users`;
  // Per user, the events of nobody do not count.
  return type === "general" ? ["count(*) AS events"] : type === "unique" ? [users] : [
    `count(${person}) AS events`,
    users,
  ];
}

/** The numbers of the columns of `countColumns`, which are the last of a row. */
export function countsOf(type: CountType, row: readonly SqlValue[]): Pick<CountedRow, "events" | "users"> {
  const last = row.at(-1) ?? 0;
  return type === "general"
    ? { events: last, users: 0 }
    : type === "unique"
    ? { events: 0, users: last }
    : { events: row.at(-2) ?? 0, users: last };
}

/** @param asked lines that are there whatever the rows have, in this order */
export function countedSeries(
  rows: Iterable<CountedRow>,
  { type, buckets, asked = [], limit }: {
    type: CountType;
    buckets: Buckets;
    asked?: readonly string[];
    limit?: number;
  },
): Series {
  const keys = [...asked];
  const lines = new Map(keys.map((key, line) => [key, line]));
  const counts = new SeriesCounts(type, buckets, { keys });
  for (const { keys: rowKeys, position, events, users } of rows) {
    if (position < 0) continue;
    for (const key of rowKeys) {
      let line = lines.get(key);
      if (line === undefined) lines.set(key, line = keys.push(key) - 1);
      const cell = counts.cells.number(line, position);
      counts.events.add(cell, Number(events));
      counts.users.add(cell, Number(users));
    }
  }
  return limit === undefined ? counts.inOrder() : counts.top(limit, new Set(asked));
}

/** A series as the body of an answer. */
export function seriesBody(series: Series): unknown {
  return { data: series, legend_size: Object.keys(series.values).length };
}
