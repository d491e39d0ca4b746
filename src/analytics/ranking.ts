/** A key and how often it counted. */
export type Ranked = [key: string, count: number];

/** The `limit` largest entries, largest first, ties in the order of their keys. */
export function largest(counts: Iterable<Ranked>, limit: number): Ranked[] {
  return [...counts].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, limit);
}
