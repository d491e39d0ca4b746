/** Rows as a table that fits the terminal. */
import { type CellColumn, cellColumns, type TableColumn } from "./cells.ts";
import { createStyle } from "./colour.ts";
import { formatCount } from "./format.ts";
import type { Row } from "./row.ts";
import { textWidth, truncate, wrapText } from "./text_width.ts";

export interface TableOptions {
  columns?: (string | TableColumn)[];
  /** Cells per line; Infinity shows everything. */
  width: number;
  colour: boolean;
}

/** A column whose cells are texts and whose width is known. */
interface Laid {
  title: string;
  cells: string[];
  align: "left" | "right";
  width: number;
  /** Never cut, because a shortened number would be a wrong one, and a shortened name no argument for another command. */
  rigid: boolean;
  isPicture: boolean;
  isSentence: boolean;
}

const GAP = 2;
/** Below this, a cut text says nothing any more, and its column gives way to the ones before it. */
const MIN_TEXT_WIDTH = 16;
/** Columns whose cells are typed elsewhere, or say when: cut, they would be of no use. */
const WHOLE = /^(date|event|name|key|slug|segment|step|variant|status|type)$|email$/;

/**
 * The rows as lines of text, each ended by a line feed, none wider than `width`. Wide columns are
 * shortened first, sentences go on below themselves; columns for which there is no place are left out, and a last line says how many.
 * Nothing in the rows can reach the terminal as a control. Without rows and columns: an empty text.
 */
export function renderTable(rows: Row[], options: TableOptions): string {
  const style = createStyle(options.colour);
  const columns = cellColumns(rows, options.columns).map(layOut);
  if (columns.length === 0) return "";
  const shown = fit(columns, options.width);
  const lines = [
    line(shown, (column) => column.title, style.bold),
    line(shown, (column) => "─".repeat(column.width), style.dim),
  ];
  for (let index = 0; index < rows.length; index++) lines.push(...rowLines(shown, index));
  const isHidden = (column: Laid) => !column.isPicture && !shown.some(({ cells }) => cells === column.cells);
  const hidden = columns.filter(isHidden).length;
  if (hidden > 0) lines.push(style.dim(truncate(`(+${formatCount(hidden, "column")}: use -f json)`, options.width)));
  return lines.join("\n") + "\n";
}

function layOut({ key, title, texts, align, as, isNumeric, isIdentifier, isPicture, isSentence }: CellColumn): Laid {
  const cells = isNumeric && as === undefined ? alignFractions(texts) : texts;
  const isWhole = isIdentifier || WHOLE.test(key) || align === "right" || cells.every(isTimeOrEmpty);
  return {
    title,
    cells,
    align,
    width: cells.reduce((most, cell) => Math.max(most, textWidth(cell)), textWidth(title)),
    rigid: isNumeric || isPicture || isWhole,
    isPicture,
    isSentence,
  };
}

/** Pads numbers on their right so that the decimal points of a column stand below each other. */
function alignFractions(cells: string[]): string[] {
  const fraction = (cell: string) => cell.includes(".") ? cell.length - cell.indexOf(".") : 0;
  const longest = cells.reduce((most, cell) => Math.max(most, fraction(cell)), 0);
  return longest === 0 ? cells : cells.map((cell) => cell === "" ? "" : cell + " ".repeat(longest - fraction(cell)));
}

/** The columns for which there is room, narrowed where that is needed. */
function fit(columns: Laid[], width: number): Laid[] {
  const shown = [...columns];
  for (;;) {
    const room = width - GAP * (shown.length - 1);
    const rigid = sum(shown.filter((column) => column.rigid).map((column) => column.width));
    const flexible = shown.filter((column) => !column.rigid).map((column) => column.width);
    const limit = largestLimit(flexible, room - rigid);
    if (limit !== undefined) return shown.map((column) => column.rigid ? column : narrow(column, limit));
    if (shown.length === 1) return [narrow(shown[0], Math.max(1, width))];
    const picture = shown.findLastIndex(({ isPicture }) => isPicture);
    shown.splice(picture < 0 ? shown.length - 1 : picture, 1);
  }
}

/** The largest limit under which these widths share the room; undefined if it would leave too little to read. */
function largestLimit(widths: number[], room: number): number | undefined {
  if (sum(widths) <= room) return Infinity;
  const ascending = [...widths].sort((one, other) => one - other);
  let left = room;
  for (let index = 0; index < ascending.length; index++) {
    const share = Math.floor(left / (ascending.length - index));
    if (ascending[index] > share) return share >= MIN_TEXT_WIDTH ? share : undefined;
    left -= ascending[index];
  }
  return undefined;
}

function narrow(column: Laid, limit: number): Laid {
  return column.width <= limit ? column : { ...column, width: limit };
}

/** The lines of a row: one, unless a sentence goes on below itself. */
function rowLines(columns: Laid[], index: number): string[] {
  if (!columns.some(({ isSentence }) => isSentence)) return [line(columns, ({ cells }) => cells[index]!)];
  const texts = new Map(columns.map((column) => {
    const { cells, isSentence, width } = column;
    return [column, isSentence ? wrapText(cells[index]!, width) : [cells[index]!]];
  }));
  const height = Math.max(...[...texts.values()].map(({ length }) => length));
  return Array.from({ length: height }, (_, row) => line(columns, (column) => texts.get(column)![row] ?? ""));
}

function line(columns: Laid[], text: (column: Laid) => string, dress = (cell: string) => cell): string {
  const last = columns.length - 1;
  let result = "";
  columns.forEach((column, index) => {
    const cell = truncate(text(column), column.width);
    const spaces = " ".repeat(column.width - textWidth(cell));
    if (column.align === "right") result += spaces + dress(cell);
    else result += dress(cell) + (index < last ? spaces : "");
    if (index < last) result += " ".repeat(GAP);
  });
  return result.trimEnd();
}

const isTimeOrEmpty = (cell: string): boolean => cell === "" || /^\d{4}-\d{2}-\d{2}([T ]|$)/.test(cell);
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
