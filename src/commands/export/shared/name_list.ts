/** Names that are typed in one word. */

/** `a,b` as two names, for each of the texts. A name with a comma is written with a backslash before it. */
export function nameList(texts: readonly string[]): string[] {
  return texts.flatMap((text) =>
    text.split(/(?<!\\),/).map((name) => name.trim().replaceAll("\\,", ",")).filter((name) => name !== "")
  );
}
