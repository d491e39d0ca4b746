/** Which tables lose rows by themselves: their owner wanted it so when the table was made. */

export interface RowLoss {
  /** The engine whose merges leave one of several rows, such as `ReplacingMergeTree`; undefined where all rows stay. */
  merging?: string;
  /** Whether rows of some age are forgotten. */
  forgets: boolean;
}

/** @param engine as `system.tables` has it: `ReplacingMergeTree(version) PARTITION BY date ORDER BY event TTL …` */
export function rowLossOf(engine: string): RowLoss {
  const [, merging] =
    /^((?:Replicated|Shared)?(?:Replacing|Collapsing|VersionedCollapsing|Summing|Aggregating|Coalescing|Graphite)MergeTree)\b/
      .exec(engine) ?? [];
  return { merging, forgets: / TTL /.test(engine) };
}

/** Whether so few rows of a day can be what is left of all. */
export function canBeLeft(found: number, rows: number, { merging, forgets }: RowLoss): boolean {
  return found === rows || (found < rows && (forgets || (merging !== undefined && found > 0)));
}
