/** The moments at which a program can be killed. */

/** Before a change of the file system, after it, or when half of the bytes are written. */
export type Moment = "before" | "half" | "after";

/** A change of the file system, counted from 1, and the moment at which the program ends. */
export interface KillPoint {
  change: number;
  moment: Moment;
}

/** All points of a run whose changes are these lines of the log. */
export function killPoints(log: readonly string[]): KillPoint[] {
  return log.flatMap((line, index) => {
    const moments: Moment[] = line.includes(" halves ") ? ["before", "half", "after"] : ["before", "after"];
    return moments.map((moment) => ({ change: index + 1, moment }));
  });
}

/** So many of them, evenly chosen; the first and the last are among them. */
export function evenly<T>(items: readonly T[], most: number): T[] {
  if (items.length <= most) return [...items];
  const step = (items.length - 1) / (most - 1);
  return Array.from({ length: most }, (_, index) => items[Math.round(index * step)] as T);
}
