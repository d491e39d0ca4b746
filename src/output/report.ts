/** What a file for readers is made of, whatever its format: where the numbers come from, the picture, the table, the notes. */
import { type CellColumn, cellColumns, type TableColumn } from "./cells.ts";
import type { Chart } from "./chart.ts";
import type { Row } from "./row.ts";
import { type Pivot, pivotRows } from "./series.ts";

/** Where the numbers come from. */
export interface Heading {
  /** The command and what it is about: `query retention Sign Up`. */
  title: string;
  /** In the order in which they are told: days, project, when it was made. */
  facts: readonly string[];
  /** The whole command as it can be typed again. */
  command: string;
}

/** For a result that nobody has asked for on a command line. */
export const NO_HEADING: Heading = { title: "Result", facts: [], command: "" };

export interface ReportContent {
  heading: Heading;
  columns: readonly CellColumn[];
  /** How many rows the columns have. */
  rowCount: number;
  chart?: Chart;
  /** What is unfinished in the chart, for those who have the table alone. */
  openNote?: string;
  note?: string;
}

/** The parts of a result that a report shows. */
export interface ReportSource {
  rows: Row[];
  columns?: readonly (string | TableColumn)[];
  pivot?: Pivot;
  chart?: Chart;
  note?: string;
}

/** The table is that of a terminal, but whole and without pictures of its numbers. */
export function reportOf({ rows, columns, pivot, chart, note }: ReportSource, heading: Heading): ReportContent {
  const table = pivot === undefined || rows.length === 0 ? { rows, columns } : pivotRows(rows, pivot);
  return {
    heading,
    columns: cellColumns(table.rows, table.columns).filter(({ isPicture }) => !isPicture),
    rowCount: table.rows.length,
    chart,
    openNote: chart && openNoteOf(chart),
    note,
  };
}

/** What the unfinished parts of a chart are, where there are any. */
function openNoteOf(chart: Chart): string | undefined {
  if (chart.kind === "line") return chart.openNote;
  if (chart.kind !== "heat_map") return undefined;
  const isOpen = chart.map.rows.some(({ cells }) =>
    cells.some(({ share, isOpen }) => isOpen === true && share !== null)
  );
  return isOpen ? `some values are ${chart.map.openNote}` : undefined;
}
