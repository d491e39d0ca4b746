/** Numbers of a metric, by the levels that it is split by. */
import type { RowSplit } from "../../../analytics/measures/measure.ts";
import { type GroupLevel, segmentPath, splitBy } from "./groups.ts";

/** Mixpanel's name for all segments of a level together. */
const OVERALL = "$overall";

/** What a level comes to as a whole, and each of its segments. */
export interface Branch<T> {
  overall: T;
  children: Map<string, Branch<T>>;
}

/** What one run gives: all together, and by segment. */
interface SplitRun<T> {
  overall: T;
  segments: ReadonlyMap<string, T>;
  /** Whether there are more segments than the limit. */
  isCut: boolean;
}

/**
 * Computes the numbers of all levels: one run without a split, or one for each level. Only the segments of the last level
 * that are within the limit are there, largest first.
 */
export function grow<T>(
  groups: readonly GroupLevel[],
  limit: number,
  run: (split: RowSplit | undefined, limit: number) => SplitRun<T>,
): { tree: Branch<T>; isCut: boolean } {
  const { overall, segments, isCut } = run(splitBy(groups), limit);
  const above = groups.slice(1).map((_, index) => run(splitBy(groups.slice(0, index + 1)), Infinity).segments);
  return { tree: treeOf(overall, segments, above), isCut };
}

/** The segments of the last level, by their paths, below those of each level above. */
export function treeOf<T>(
  overall: T,
  segments: ReadonlyMap<string, T>,
  above: readonly ReadonlyMap<string, T>[],
): Branch<T> {
  const tree: Branch<T> = { overall, children: new Map() };
  for (const [segment, numbers] of segments) {
    const path = segmentPath(segment);
    let branch = tree;
    for (const [level, key] of path.entries()) {
      let child = branch.children.get(key);
      if (child === undefined) {
        const isLast = level === path.length - 1;
        const overall = isLast ? numbers : above[level]!.get(JSON.stringify(path.slice(0, level + 1)))!;
        branch.children.set(key, child = { overall, children: new Map() });
      }
      branch = child;
    }
  }
  return tree;
}

/** As answers have it: below each key its own numbers, or `$overall` and the keys of the next level. */
export function shown<T>({ overall, children }: Branch<T>, leaf: (numbers: T) => unknown, levels: number): unknown {
  if (levels === 0) return leaf(overall);
  const below = [...children].map(([key, child]) => [key, shown(child, leaf, levels - 1)]);
  return Object.fromEntries([[OVERALL, leaf(overall)], ...below]);
}

/** The numbers of several trees that are at the same place. A place that one of them has not counts as empty there. */
export function combined<T, U>(
  trees: readonly (Branch<T> | undefined)[],
  combine: (numbers: (T | undefined)[]) => U,
): Branch<U> {
  const keys = new Set(trees.flatMap((tree) => [...tree?.children.keys() ?? []]));
  return {
    overall: combine(trees.map((tree) => tree?.overall)),
    children: new Map([...keys].map((key) => [key, combined(trees.map((tree) => tree?.children.get(key)), combine)])),
  };
}
