/** What people write for a name of ours, by habit from other languages. */
const HABITS: Record<string, string> = {
  int: "number",
  float: "number",
  str: "string",
  text: "string",
  bool: "boolean",
  exists: "defined",
  is_set: "defined",
  isset: "defined",
  date: "datetime",
  timestamp: "datetime",
  ceiling: "ceil",
  array: "list",
  includes: "contains",
};

/** The candidate that was probably meant: a habit, or the nearest within a third of the letters; undefined if none is near. */
export function nearMiss(word: string, candidates: Iterable<string>): string | undefined {
  const names = [...candidates];
  const lower = word.toLowerCase();
  const habit = Object.hasOwn(HABITS, lower) ? HABITS[lower] : undefined;
  if (habit !== undefined && names.includes(habit)) return habit;
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const name of names) {
    if (Math.abs(name.length - word.length) >= bestDistance) continue;
    const distance = editDistance(lower, name.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [name, distance];
  }
  return best;
}

/** Insertions, deletions, replacements and swaps of neighbours that turn one word into the other. */
function editDistance(from: string, to: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: to.length + 1 }, (_, column) => column);
  for (let row = 1; row <= from.length; row++) {
    const current = [row];
    for (let column = 1; column <= to.length; column++) {
      const replaced = last[column - 1] + (from[row - 1] === to[column - 1] ? 0 : 1);
      const swapped = row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1];
      const cost = Math.min(replaced, last[column] + 1, current[column - 1] + 1);
      current.push(swapped ? Math.min(cost, beforeLast[column - 2] + 1) : cost);
    }
    [beforeLast, last] = [last, current];
  }
  return last[to.length];
}
