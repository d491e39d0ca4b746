/** What of the texts of records a table cannot have, in words. */
import type { EncodingReport } from "./record_encoder.ts";

export function changedNotes(
  { nuls, replaced, oddTimeType }: Pick<EncodingReport, "nuls" | "replaced" | "oddTimeType">,
): string[] {
  const notes: string[] = [];
  if (nuls > 0) notes.push(`${nuls} NUL ${nuls === 1 ? "character is" : "characters are"} written as \\u0000`);
  if (replaced > 0) {
    const texts = replaced === 1 ? "1 text has" : `${replaced} texts have`;
    notes.push(
      `${texts} U+FFFD in place of what UTF-8 cannot have, such as half of a surrogate pair; JSON Lines keep it`,
    );
  }
  if (oddTimeType !== undefined) {
    const holds = oddTimeType === "string" ? "texts" : "numbers";
    notes.push(
      `The column time holds ${holds} in place of timestamps: an event has something else there than whole units`,
    );
  }
  return notes;
}
