/** Rows at hand as CSV or TSV. */
import { csvFormat, type CsvOptions } from "../streams/csv/csv.ts";
import type { Row } from "./row.ts";
import { columnsOf } from "./rows.ts";

/** The header and a line for each row. The columns are those of all rows, as first seen, unless they are named. */
export function* csvLines(rows: Row[], options: CsvOptions & { columns?: readonly string[] } = {}): Generator<string> {
  const columns = options.columns ?? columnsOf(rows);
  if (columns.length === 0) return;
  const format = csvFormat(columns, options);
  if (options.header !== false) yield format.header();
  for (const row of rows) yield format.line(row);
}
