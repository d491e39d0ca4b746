/** The statement that counts events or people, by bucket of time and by segment. */
import type { CountType } from "../analytics/count_type.ts";
import type { Buckets } from "../analytics/time_buckets.ts";
import type { SqlOptions, SqlRow, SqlValue } from "./asking.ts";
import { type ChosenEvents, sqlEvents } from "./chosen_events.ts";
import { countColumns, type CountedRow, countNames, countsOf } from "./counted_rows.ts";
import type { SqlUnit } from "./dialect.ts";
import { selectOf, type SqlPart, statementOf } from "./statement.ts";
import { sqlBuckets } from "./time_column.ts";

export interface Counting {
  comment: readonly string[];
  chosen: ChosenEvents;
  where: readonly string[];
  type: CountType;
  buckets: Buckets;
  unit: SqlUnit;
  /** How many days make one bucket. */
  interval?: number;
  /** What rows are split by. */
  segment?: string;
  /** The most segments that matter. */
  limit?: number;
}

export interface CountStatement {
  statement: string;
  columns: readonly string[];
  read(rows: readonly SqlRow[], keysOf: (segment: SqlValue) => readonly string[]): CountedRow[];
}

export function countStatement(options: SqlOptions, counting: Counting): CountStatement {
  const { comment, chosen, where, type, buckets, unit, interval, segment, limit } = counting;
  const { dialect } = options;
  const { time, person } = sqlEvents(options);
  const bucket = sqlBuckets(options, { time, unit, buckets, interval });
  const keys = [...(segment === undefined ? [] : [{ name: "segment", sql: segment }]), {
    name: "bucket",
    sql: bucket.sql,
  }];
  const counts = countNames(type);
  const names = [...keys.map(({ name }) => name), ...counts];
  const parts: SqlPart[] = [...chosen.parts, {
    name: "counted",
    select: selectOf({
      columns: [...keys.map(({ name, sql }) => `${sql} AS ${name}`), ...countColumns(type, person, dialect)],
      from: chosen.from,
      where,
      groupBy: keys.map(({ sql }) => sql),
    }),
  }];
  if (segment !== undefined && limit !== undefined) {
    // Equal sizes share a place: who is the last of them is for the answer to say.
    const size = `sum(${counts[0]}) OVER (PARTITION BY segment) AS size`;
    parts.push(
      { name: "sized", select: selectOf({ columns: [...names, size], from: "counted" }) },
      {
        name: "placed",
        select: selectOf({ columns: [...names, "dense_rank() OVER (ORDER BY size DESC) AS place"], from: "sized" }),
      },
    );
  }
  const select = selectOf({
    columns: names.map((name) => name === "bucket" ? `${bucket.shown("bucket")} AS bucket` : name),
    from: parts.at(-1)!.name,
    where: parts.at(-1)!.name === "placed" ? [`place <= ${limit}`] : [],
    orderBy: [...(parts.at(-1)!.name === "placed" ? ["place"] : []), ...keys.map(({ name }) => name)],
  });
  return {
    statement: statementOf({ comment, parts, select }),
    columns: names,
    read: (rows, keysOf) =>
      rows.map((row) => ({
        keys: segment === undefined ? keysOf(null) : keysOf(row[0]!),
        position: bucket.positionOf(row[keys.length - 1]!),
        ...countsOf(type, row),
      })),
  };
}
