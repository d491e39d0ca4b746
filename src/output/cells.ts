/** Rows as columns of cells: what every table shows, whether on a terminal, a page or a sheet. */
import { stringifyJson } from "../streams/json/json.ts";
import { ownMember } from "../streams/json/members.ts";
import { cleanLine } from "./clean.ts";
import { formatDuration, formatNumber, formatShare } from "./format.ts";
import type { Row } from "./row.ts";
import { columnsOf } from "./rows.ts";

/** What to show of the rows. A bare string is a column with that key and nothing special. */
export interface TableColumn {
  key: string;
  /** What stands in the header. Default: the key. */
  title?: string;
  /** Default: right when all values are numbers. */
  align?: "left" | "right";
  /** An identifier keeps its digits together: no thousands separators. Default: guessed from the key. */
  identifier?: boolean;
  /** What is shown in place of the row's own value. */
  value?: (value: unknown, row: Row) => unknown;
  /** What the numbers are: shares from 0 to 1, which are shown in percent, or seconds. */
  as?: "share" | "seconds";
  /** The text of a cell, instead of the usual one. It is cleaned afterwards. */
  format?: (value: unknown, row: Row) => string;
  /** Whether a row's value can still change, since its time is not over. */
  isOpen?: (row: Row) => boolean;
  /** Only a picture of numbers that other columns have: the first to give way on a narrow terminal. */
  isPicture?: boolean;
  /** A sentence, which in a table goes on below itself where it would be cut. */
  isSentence?: boolean;
}

/** A column with the values and the texts of all rows. */
export interface CellColumn {
  key: string;
  /** Clean, on one line, as the texts are. */
  title: string;
  values: unknown[];
  texts: string[];
  align: "left" | "right";
  /** All values are numbers, or missing. */
  isNumeric: boolean;
  isIdentifier: boolean;
  isPicture: boolean;
  isSentence: boolean;
  as?: TableColumn["as"];
  /** Of each row, in columns where a value can be open. */
  open?: boolean[];
}

const IDENTIFIER = /(^|[^a-z])(id|ids|time|timestamp|token|code|port|year|version|uuid)$|[a-z](Id|Ids|ID)$/;

/** The columns, by default all that the rows have. */
export function cellColumns(rows: Row[], columns?: readonly (string | TableColumn)[]): CellColumn[] {
  return (columns ?? columnsOf(rows)).map((column) =>
    cellColumn(typeof column === "string" ? { key: column } : column, rows)
  );
}

function cellColumn({ value = (own) => own, ...column }: TableColumn, rows: Row[]): CellColumn {
  const values = rows.map((row) => value(ownMember(row, column.key), row));
  const isIdentifier = column.identifier ?? IDENTIFIER.test(column.key);
  const isNumeric = !column.format && values.some(isNumber) &&
    values.every((one) => isNumber(one) || one === null || one === undefined);
  return {
    key: column.key,
    title: cleanLine(column.title ?? column.key),
    values,
    texts: values.map((one, index) =>
      column.format ? cleanLine(column.format(one, rows[index]!)) : cellText(one, column.as, isIdentifier)
    ),
    align: column.align ?? (isNumeric || column.as !== undefined ? "right" : "left"),
    isNumeric,
    isIdentifier,
    isPicture: column.isPicture ?? false,
    isSentence: column.isSentence ?? false,
    as: column.as,
    open: column.isOpen && rows.map(column.isOpen),
  };
}

function cellText(value: unknown, as: TableColumn["as"], isIdentifier: boolean): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "string") return cleanLine(value);
  if (typeof value === "number" && as === "share") return formatShare(value);
  if (typeof value === "number" && as === "seconds") return formatDuration(value * 1000);
  if (isNumber(value)) return isIdentifier ? String(value) : formatNumber(value);
  return cleanLine(typeof value === "object" ? stringifyJson(value) : String(value));
}

const isNumber = (value: unknown): value is number | bigint => typeof value === "number" || typeof value === "bigint";
