/** Shares in rows and columns: each cell has its number, and on a terminal with colours a background by its size. */
import { cleanLine } from "./clean.ts";
import { createStyle, type Style } from "./colour.ts";
import { formatCount, formatNumber, formatShare } from "./format.ts";
import type { ChartOptions } from "./line_chart.ts";
import { pad, textWidth, truncate, wrapText } from "./text_width.ts";

export interface HeatCell {
  /** From 0 to 1; null for a cell that has no value (yet), which stays blank. */
  share: number | null;
  /** The value can still change: it is marked with an asterisk. */
  isOpen?: boolean;
}

export interface HeatRow {
  label: string;
  /** How many things the shares are of; null where that is not known. */
  size: number | null;
  cells: readonly HeatCell[];
  /** A row of its own kind, such as an average: set off from the others. */
  isSummary?: boolean;
}

export interface HeatMap {
  /** What stands above the labels and above the sizes. */
  labelTitle: string;
  sizeTitle: string;
  columns: readonly string[];
  rows: readonly HeatRow[];
  /** What an open cell is, for the line below the map. */
  openNote: string;
}

const GAP = 1;
const MIN_LABEL_WIDTH = 10;
/** Backgrounds of the 256-colour palette from light to dark, each with a text that reads on it. */
const HEAT_CODES = ["48;5;189;38;5;16", "48;5;153;38;5;16", "48;5;117;38;5;16", "48;5;75;38;5;16", "48;5;26;38;5;231"];

/**
 * The map as lines of text, none wider than `width`. On a narrow terminal shares lose their fraction, then the last
 * columns are left out, and a line says how many.
 */
export function renderHeatMap(map: HeatMap, options: Omit<ChartOptions, "height">): string {
  if (map.rows.length === 0 || map.columns.length === 0) return "no data\n";
  const style = createStyle(options.colour);
  const labels = map.rows.map(({ label }) => cleanLine(label));
  const sizes = map.rows.map(({ size }) => size === null ? "" : formatNumber(size));
  const hasOpen = map.rows.some(({ cells }) => cells.some(({ isOpen, share }) => isOpen === true && share !== null));
  const sizeWidth = widest([...sizes, map.sizeTitle]);
  let labelWidth = widest([...labels, map.labelTitle]);

  // The asterisk of an open cell, or its place, is behind the number.
  const titles = map.columns.map((title) => hasOpen ? `${title} ` : title);
  const texts = (digits: 0 | 1) => map.rows.map(({ cells }) => cells.map((cell) => cellText(cell, digits, hasOpen)));
  const widths = (cells: string[][]) =>
    titles.map((title, column) => Math.max(textWidth(title), ...cells.map((row) => textWidth(row[column] ?? ""))));
  const room = () => options.width - labelWidth - 2 - sizeWidth;
  const taken = (columns: number[]) => columns.reduce((sum, width) => sum + width + GAP, 1);
  let cells = texts(1);
  let columns = widths(cells);
  if (taken(columns) > room()) [cells, columns] = [texts(0), widths(texts(0))];
  if (taken(columns) > room()) {
    labelWidth = Math.min(labelWidth, Math.max(MIN_LABEL_WIDTH, Math.floor(options.width * 0.3)));
  }
  while (columns.length > 1 && taken(columns) > room()) columns = columns.slice(0, -1);

  const level = heatLevels(map.rows, HEAT_CODES.length);
  const lines = [
    style.bold(
      `${pad(truncate(map.labelTitle, labelWidth), labelWidth)}  ${pad(map.sizeTitle, sizeWidth, "right")}  ` +
        columns.map((width, index) => pad(titles[index]!, width, "right")).join(" ").trimEnd(),
    ),
    ...map.rows.map((row, index) => {
      const own = columns.map((width, column) => {
        const text = pad(cells[index]![column] ?? "", width, "right");
        return heat(style, text, row.cells[column]?.share ?? null, level, options.colour);
      });
      const label = pad(truncate(labels[index]!, labelWidth), labelWidth);
      const head = `${label}  ${pad(sizes[index]!, sizeWidth, "right")}`;
      return `${row.isSummary ? style.bold(head) : head}  ${own.join(" ")}`.trimEnd();
    }),
  ];
  const hidden = map.columns.length - columns.length;
  if (hidden > 0) {
    lines.push(
      ...wrapText(`+${formatCount(hidden, "column")}: widen the terminal, or use -f csv`, options.width).map(style.dim),
    );
  }
  if (hasOpen) lines.push("", ...wrapText(`* ${map.openNote}`, options.width).map(style.dim));
  return lines.join("\n") + "\n";
}

function cellText({ share, isOpen = false }: HeatCell, digits: 0 | 1, hasOpen: boolean): string {
  if (share === null) return "";
  const text = digits === 1 ? formatShare(share) : share > 0 && share < 0.005 ? "<1%" : `${Math.round(share * 100)}%`;
  return hasOpen ? `${text}${isOpen ? "*" : " "}` : text;
}

/** Which of `count` colours a share has: by its part of the largest beside the first column, where everybody begins. */
export function heatLevels(rows: readonly HeatRow[], count: number): (share: number) => number {
  const later = rows.flatMap(({ cells }) => cells.slice(1)).map(({ share }) => share ?? 0);
  const largest = later.reduce((most, share) => Math.max(most, share), 0) || 1;
  return (share) => Math.min(count - 1, Math.floor(share / largest * count));
}

function heat(
  style: Style,
  text: string,
  share: number | null,
  level: (share: number) => number,
  colour: boolean,
): string {
  if (share === null || share === 0 || !colour) return share === 0 ? style.dim(text) : text;
  return `\x1b[${HEAT_CODES[level(share)]}m${text}\x1b[0m`;
}

const widest = (texts: readonly string[]): number => texts.reduce((most, text) => Math.max(most, textWidth(text)), 0);
