/** How a table is written, as far as its beginning tells. */

export interface TableForm {
  delimiter: string;
  lineEnd: "\n" | "\r";
  /** The delimiter that the first line says: `sep=;`, as Excel has it. */
  told?: string;
  /** Characters before the first row: the line that says the delimiter. */
  skipped: number;
}

/** What databases write without quotes in place of a value. */
export const NULL_MARK = "\\N";

const TOLD = /^sep=(.)(?:\r\n|\n|\r|$)/i;

/** The form of a table that begins with this text, which has the first line with content and no byte order mark. */
export function tableForm(text: string): TableForm {
  const lineEnd = text.includes("\r") && !text.includes("\n") ? "\r" : "\n";
  const told = TOLD.exec(text);
  if (told !== null) return { delimiter: told[1] as string, lineEnd, told: told[1], skipped: told[0].length };
  return { delimiter: delimiterOf(text, lineEnd), lineEnd, skipped: 0 };
}

/** The one of the usual delimiters that the first line has most of, outside of quotes. */
function delimiterOf(text: string, lineEnd: "\n" | "\r"): string {
  const line = text.trimStart().replace(/"(?:[^"]|"")*"/g, "").split(lineEnd, 1)[0] as string;
  const counts = [",", ";", "\t", "|"].map((delimiter) => ({ delimiter, count: line.split(delimiter).length }));
  return counts.reduce((most, next) => next.count > most.count ? next : most).delimiter;
}
