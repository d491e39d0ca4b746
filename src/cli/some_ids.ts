/** Ids in a sentence. */

const MOST_NAMED = 5;

/** The first of them, and how many more there are: `"a", "b" and 3 more`. */
export function someIds(first: readonly string[], count = first.length): string {
  const shown = first.slice(0, MOST_NAMED);
  const more = count - shown.length;
  return shown.map((id) => JSON.stringify(id)).join(", ") + (more > 0 ? ` and ${more} more` : "");
}
