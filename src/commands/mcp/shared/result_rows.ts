/** A command's result as rows with their columns: what is shown of it, a part at a time. */
import { cleanForTerminal } from "../../../output/clean.ts";
import { csvLines } from "../../../output/csv.ts";
import type { Result } from "../../../output/print.ts";
import type { Row } from "../../../output/row.ts";
import { columnsOf, deriveRows } from "../../../output/rows.ts";
import { pivotRows } from "../../../output/series.ts";

export interface ResultRows {
  rows: Row[];
  columns: readonly string[];
  /** Whether the last rows matter most: dates go down. */
  isSeries: boolean;
  /** The sum of each column of a series, where its values may be added. */
  totals?: readonly [column: string, sum: number][];
}

/** The rows; undefined for text, and for one object, which reads better as it is. */
export function resultRows(result: Result): ResultRows | undefined {
  if (result.isText) return undefined;
  const derived = result.rows === undefined ? listIn(result.data) : { rows: result.rows };
  if (derived === undefined) return undefined;
  if (result.pivot === undefined) {
    const named = result.columns?.flatMap((one) => typeof one === "string" ? [one] : one.isPicture ? [] : [one.key]);
    return { rows: derived.rows, columns: named ?? columnsOf(derived.rows), isSeries: false };
  }
  const { rows, columns } = pivotRows(derived.rows, result.pivot);
  const mayAdd = result.chart?.kind === "line" && result.chart.totals !== false && rows.length > 1;
  return {
    rows,
    columns,
    isSeries: result.pivot.down === "date",
    ...mayAdd && { totals: columns.slice(1).map((column) => [column, sumOf(rows, column)] as const) },
  };
}

/** The rows of a list; an object is no list, also where a table would have a row for each of its members. */
function listIn(data: unknown): { rows: Row[] } | undefined {
  const { rows, record } = deriveRows(data);
  return record !== undefined || rows.length === 0 || rows.every((row) => "key" in row) ? undefined : { rows };
}

function sumOf(rows: readonly Row[], column: string): number {
  return rows.reduce((sum, row) => sum + (Number(row[column]) || 0), 0);
}

/** Rows as CSV lines: a header, and a line for each. Values with line breaks take several. */
export function csvRows(rows: Row[], columns: readonly string[]): string[] {
  return [...csvLines(rows, { columns })].map((line) => cleanForTerminal(line.replace(/\n$/, "")));
}

/** Rows in which a text occurs, in whatever case. */
export function rowsWith(rows: readonly Row[], search: string): Row[] {
  const wanted = search.toLowerCase();
  return rows.filter((row) =>
    Object.values(row).some((value) =>
      (typeof value === "string" ? value : JSON.stringify(value) ?? "").toLowerCase().includes(wanted)
    )
  );
}
