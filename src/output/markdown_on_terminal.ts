/** Markdown for a terminal: what the guides use of it. Without colour the marks of code stay, since they are quotes there. */
import { createStyle, type Style } from "./colour.ts";
import { textWidth, wrapText } from "./text_width.ts";

export interface MarkdownLook {
  width: number;
  colour: boolean;
  /** A line of a shell's block that is too long, in several that mean the same. Default: it stays. */
  breakCommand?(line: string, width: number): string[];
}

const CODE_INDENT = "    ";

/** Headings are bold, code is indented and stays as it is, links are their texts; paragraphs are wrapped. */
export function markdownText(markdown: string, look: MarkdownLook): string {
  const style = createStyle(look.colour);
  return blocksOf(markdown).map((block) => blockText(block, look, style)).join("\n\n") + "\n";
}

type Block = { kind: "heading" | "paragraph" | "item" | "table" | "code"; lines: string[]; language?: string };

function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let open: Block | undefined;
  const start = (block: Block) => void blocks.push(open = block);
  for (const line of markdown.split("\n")) {
    const fence = /^```\s*(\w*)/.exec(line);
    if (open?.kind === "code") {
      if (fence === null) open.lines.push(line);
      else open = undefined;
    } else if (fence !== null) start({ kind: "code", lines: [], language: fence[1] });
    else if (line.trim() === "") open = undefined;
    else if (line.startsWith("#")) {
      start({ kind: "heading", lines: [line.replace(/^#+ */, "")] });
      open = undefined;
    } else if (line.startsWith("- ")) start({ kind: "item", lines: [line.slice(2)] });
    else if (open !== undefined) open.lines.push(line.trim());
    else start({ kind: line.startsWith("|") ? "table" : "paragraph", lines: [line] });
  }
  return blocks;
}

function blockText(block: Block, look: MarkdownLook, style: Style): string {
  const { kind, lines } = block;
  if (kind === "code") return codeText(block, look);
  if (kind === "table") return tableText(lines, look, style);
  const text = inline(lines.join(" "), look.colour, style);
  if (kind === "heading") return wrapText(text, look.width).map(style.bold).join("\n");
  return kind === "item" ? hung("- ", text, look.width) : wrapText(text, look.width).join("\n");
}

function codeText({ lines, language }: Block, { width, breakCommand }: MarkdownLook): string {
  const room = width - CODE_INDENT.length;
  return lines.flatMap((line) => {
    const isCommand = language === "sh" && /^mp /.test(line) && !/[\\#<]/.test(line) && textWidth(line) > room;
    return isCommand && breakCommand !== undefined ? breakCommand(line, room) : [line];
  }).map((line) => line === "" ? "" : CODE_INDENT + line).join("\n");
}

/** A row is an item: its first cell, and below it what stands under each other heading. */
function tableText(lines: readonly string[], { width, colour }: MarkdownLook, style: Style): string {
  const [heads = [], , ...rows] = lines.map((line) =>
    line.replace(/^\||\|$/g, "").split("|").map((cell) => cell.trim())
  );
  const cell = (text: string) => inline(text, colour, style);
  return rows.map(([first = "", ...others]) =>
    [
      hung("- ", cell(first), width),
      ...others.map((text, index) => hung("  ", `${cell(heads[index + 1] ?? "")}: ${cell(text)}`, width)),
    ].join("\n")
  ).join("\n");
}

/** Wrapped, with what follows the first line as far in as its text. */
function hung(mark: string, text: string, width: number): string {
  return wrapText(text, width - mark.length).map((line, index) => (index === 0 ? mark : "  ") + line).join("\n");
}

function inline(text: string, colour: boolean, style: Style): string {
  return text
    .replace(
      /\[([^\]]+)\]\(([^)]+)\)/g,
      (_, label: string, target: string) =>
        /^https?:/.test(target) && !target.includes(label) ? `${label} (${target})` : label,
    )
    .replace(/\*\*([^*]+)\*\*/g, (_, strong: string) => eachWord(strong, style.bold))
    .replace(/`([^`]+)`/g, (whole, code: string) => colour ? eachWord(code, style.cyan) : whole);
}

/** Word by word, so that a line can end between them. */
const eachWord = (text: string, dress: (word: string) => string): string => text.split(" ").map(dress).join(" ");
