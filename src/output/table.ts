/** Rows as a table that fits the terminal. */
import { stringifyJson } from "../streams/json/json.ts";
import { ownMember } from "../streams/json/members.ts";
import { cleanLine } from "./clean.ts";
import { createStyle } from "./colour.ts";
import { formatCount, formatNumber } from "./format.ts";
import type { Row } from "./row.ts";
import { columnsOf } from "./rows.ts";
import { textWidth, truncate } from "./text_width.ts";

/** What to show of the rows. A bare string is a column with that key and nothing special. */
export interface TableColumn {
  key: string;
  /** What stands in the header. Default: the key. */
  title?: string;
  /** Default: right when all values are numbers. */
  align?: "left" | "right";
  /** An identifier keeps its digits together: no thousands separators. Default: guessed from the key. */
  identifier?: boolean;
  /** The text of a cell, instead of the usual one. It is cleaned afterwards. */
  format?: (value: unknown, row: Row) => string;
  /** Only a picture of numbers that other columns have: the first to give way on a narrow terminal. */
  isPicture?: boolean;
}

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
}

const GAP = 2;
/** Below this, a cut text says nothing any more, and its column gives way to the ones before it. */
const MIN_TEXT_WIDTH = 16;
/** Columns whose cells are typed elsewhere, or say when: cut, they would be of no use. */
const WHOLE = /^(date|event|name|key|slug|segment|step|variant|status|type)$|email$/;
const IDENTIFIER = /(^|[^a-z])(id|ids|time|timestamp|token|code|port|year|version|uuid)$|[a-z](Id|Ids|ID)$/;

/**
 * The rows as lines of text, each ended by a line feed, none wider than `width`. Wide columns are
 * shortened first; columns for which there is no place are left out, and a last line says how many.
 * Nothing in the rows can reach the terminal as a control. Without rows and columns: an empty text.
 */
export function renderTable(rows: Row[], options: TableOptions): string {
  const style = createStyle(options.colour);
  const columns = (options.columns ?? columnsOf(rows)).map((column) =>
    layOut(typeof column === "string" ? { key: column } : column, rows)
  );
  if (columns.length === 0) return "";
  const shown = fit(columns, options.width);
  const lines = [
    line(shown, (column) => column.title, style.bold),
    line(shown, (column) => "─".repeat(column.width), style.dim),
  ];
  for (let index = 0; index < rows.length; index++) lines.push(line(shown, (column) => column.cells[index]));
  const isHidden = (column: Laid) => !column.isPicture && !shown.some(({ cells }) => cells === column.cells);
  const hidden = columns.filter(isHidden).length;
  if (hidden > 0) lines.push(style.dim(truncate(`(+${formatCount(hidden, "column")}: use -f json)`, options.width)));
  return lines.join("\n") + "\n";
}

function layOut(column: TableColumn, rows: Row[]): Laid {
  const title = cleanLine(column.title ?? column.key);
  const values = rows.map((row) => ownMember(row, column.key));
  const numeric = !column.format && values.some(isNumber) &&
    values.every((value) => isNumber(value) || value === null || value === undefined);
  const identifier = column.identifier ?? IDENTIFIER.test(column.key);
  const cells = column.format
    ? rows.map((row, index) => cleanLine(column.format!(values[index], row)))
    : values.map((value) => cellText(value, identifier));
  if (numeric) alignFractions(cells);
  let width = textWidth(title);
  for (const cell of cells) width = Math.max(width, textWidth(cell));
  const isPicture = column.isPicture ?? false;
  const isWhole = identifier || WHOLE.test(column.key) || column.align === "right" || cells.every(isTimeOrEmpty);
  return {
    title,
    cells,
    align: column.align ?? (numeric ? "right" : "left"),
    width,
    rigid: numeric || isPicture || isWhole,
    isPicture,
  };
}

function cellText(value: unknown, identifier: boolean): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return cleanLine(value);
  if (isNumber(value)) return identifier ? String(value) : formatNumber(value);
  return cleanLine(typeof value === "object" ? stringifyJson(value) : String(value));
}

/** Pads numbers on their right so that the decimal points of a column stand below each other. */
function alignFractions(cells: string[]): void {
  const fraction = (cell: string) => cell.includes(".") ? cell.length - cell.indexOf(".") : 0;
  const longest = cells.reduce((most, cell) => Math.max(most, fraction(cell)), 0);
  if (longest === 0) return;
  for (let index = 0; index < cells.length; index++) {
    if (cells[index] !== "") cells[index] += " ".repeat(longest - fraction(cells[index]));
  }
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
const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint";
const sum = (numbers: number[]): number => numbers.reduce((total, number) => total + number, 0);
