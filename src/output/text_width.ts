/** How many terminal cells a text takes, and texts cut or padded to a number of cells. */
import fastStringWidth from "fast-string-width";

const PLAIN = /^[\x20-\x7e]*$/;
let graphemes: Intl.Segmenter | undefined;

/** The cells that a clean, one-line text takes: 2 for wide characters and emoji, 0 for combining marks. */
export function textWidth(text: string): number {
  return PLAIN.test(text) ? text.length : fastStringWidth(text);
}

/** The text if it fits, else its beginning and `…`, never wider than `width` and never a broken character. */
export function truncate(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  if (width < 1) return "";
  if (PLAIN.test(text)) return text.slice(0, width - 1) + "…";
  graphemes ??= new Intl.Segmenter("en", { granularity: "grapheme" });
  let kept = "";
  let used = 0;
  for (const { segment } of graphemes.segment(text)) {
    const cells = textWidth(segment);
    if (used + cells > width - 1) break;
    kept += segment;
    used += cells;
  }
  return kept + "…";
}

/** The text with spaces to `width` cells, on its right, or on its left when aligned `right`. */
export function pad(text: string, width: number, align: "left" | "right" = "left"): string {
  const spaces = " ".repeat(Math.max(0, width - textWidth(text)));
  return align === "right" ? spaces + text : text + spaces;
}

/** The text in lines of at most `width` cells, broken between words; a word that is longer has a line of its own. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = "";
  let used = 0;
  for (const word of text.split(/\s+/)) {
    const cells = textWidth(word);
    if (line !== "" && used + 1 + cells > width) {
      lines.push(line);
      [line, used] = [word, cells];
    } else [line, used] = line === "" ? [word, cells] : [`${line} ${word}`, used + 1 + cells];
  }
  return [...lines, line];
}

/** Lines as they are, but for those that are wider: they go on below themselves, as far in as they begin. */
export function wrapLines(text: string, width: number): string {
  return text.split("\n").map((line) => {
    if (textWidth(line) <= width) return line;
    const indent = /^ */.exec(line)![0];
    return wrapText(line.trim(), Math.max(20, width - indent.length)).map((part) => indent + part).join("\n");
  }).join("\n");
}
