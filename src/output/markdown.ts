/** A report in Markdown, as GitHub renders it: a heading, the table, the notes. */
import { cleanLine } from "./clean.ts";
import type { CellColumn } from "./cells.ts";
import type { ReportContent } from "./report.ts";
import { pad, textWidth } from "./text_width.ts";

/** Up to this width, cells are padded, so that the text can be read as it is. */
const MAX_PADDED = 40;

/** The lines, each ended by a line feed. */
export function* markdownLines(
  { heading, columns, rowCount, openNote, markNote, notes }: ReportContent,
): Generator<string> {
  yield `# ${escapeMarkdown(heading.title)}\n`;
  if (heading.facts.length > 0) yield `\n${heading.facts.map(escapeMarkdown).join(" · ")}\n`;
  yield "\n";
  if (columns.length === 0 || rowCount === 0) yield "No results\n";
  else yield* tableLines(columns, rowCount);
  for (const text of [markNote ?? openNote, ...notes]) {
    if (text !== undefined) yield `\n${escapeMarkdown(text)}\n`;
  }
  if (heading.command !== "") yield `\n${codeSpan(cleanLine(heading.command))}\n`;
}

function* tableLines(columns: readonly CellColumn[], rowCount: number): Generator<string> {
  const cells = columns.map(({ title, texts }) => [title, ...texts].map(escapeMarkdown));
  const widths = cells.map((own) =>
    Math.min(MAX_PADDED, own.reduce((most, text) => Math.max(most, textWidth(text)), 3))
  );
  const line = (row: number) =>
    `| ${columns.map(({ align }, index) => pad(cells[index]![row]!, widths[index]!, align)).join(" | ")} |\n`;
  yield line(0);
  yield `| ${
    columns.map(({ align }, index) =>
      align === "right" ? `${"-".repeat(widths[index]! - 1)}:` : "-".repeat(widths[index]!)
    ).join(" | ")
  } |\n`;
  for (let row = 1; row <= rowCount; row++) yield line(row);
}

/** One line of text that means nothing but itself: no markup, no HTML, no end of the cell. */
export function escapeMarkdown(text: string): string {
  return cleanLine(text).replace(/[\\`*[\]<>|~#]/g, "\\$&")
    .replace(/(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])/gu, "\\_")
    .replace(/&(?=#?\w+;)/g, "&amp;");
}

/** A code span whose fence is longer than any run of backticks in it. */
function codeSpan(text: string): string {
  const longest = (text.match(/`+/g) ?? []).reduce((most, run) => Math.max(most, run.length), 0);
  const fence = "`".repeat(longest + 1);
  return longest === 0 ? `${fence}${text}${fence}` : `${fence} ${text} ${fence}`;
}
