/** The rows of a retention statement as the numbers of periods. */
import { largest } from "../../analytics/ranking.ts";
import type { RetentionRow } from "../../analytics/retention.ts";
import type { UnboundedMode } from "../../analytics/return_rates.ts";
import type { SqlRow, SqlValue } from "../asking.ts";

/** How the rows of `retentionParts` are read. */
export interface RetentionRows {
  columns: readonly string[];
  periods: number;
  positionOf(period: SqlValue): number;
  buckets: number;
  carry: UnboundedMode;
}

/**
 * By the keys of rows (`keyOf` gives a text), and by period. `first` is how many were born, and in a bucket are those who came
 * back: with a `carry`, those of the bucket that tells of them carry over to others.
 */
export function retentionRows(
  rows: readonly SqlRow[],
  { columns, periods, positionOf, buckets, carry }: RetentionRows,
  keyOf: (row: SqlRow) => string,
): Map<string, RetentionRow[]> {
  const found = new Map<string, RetentionRow[]>();
  const at = (name: string) => columns.indexOf(name);
  const [period, isBirth, bucket, count] = [at("period"), at("is_birth"), at("bucket"), columns.length - 1];
  for (const row of rows) {
    const position = positionOf(row[period]!);
    if (position < 0) continue;
    const key = keyOf(row);
    let numbers = found.get(key);
    if (numbers === undefined) {
      const none = (): RetentionRow => ({ counts: new Array<number>(buckets).fill(0), first: 0 });
      found.set(key, numbers = Array.from({ length: periods }, none));
    }
    const own = numbers[position]!;
    const times = Number(row[count]);
    const index = Number(row[bucket]);
    if (Number(row[isBirth]) === 1) own.first += times;
    else if (carry === "none") own.counts[index]! += times;
    else if (carry === "carry_forward") {
      for (let later = index; later < buckets; later++) own.counts[later]! += times;
    } else for (let earlier = 0; earlier <= index; earlier++) own.counts[earlier]! += times;
  }
  return found;
}

/** The keys of the largest segments, largest first. */
export function largestOf(sizes: Iterable<[string, number]>, limit: number): { keys: string[]; isCut: boolean } {
  const some = [...sizes].filter(([, size]) => size > 0);
  return { keys: largest(some, limit).map(([key]) => key), isCut: some.length > limit };
}
