import { nearest } from "../streams/nearest.ts";

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
  return nearest(word, names);
}
