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

const OPEN_MARK = "*";

export interface ReportContent {
  heading: Heading;
  columns: readonly CellColumn[];
  /** How many rows the columns have. */
  rowCount: number;
  chart?: Chart;
  /** What is unfinished in the chart, for those who have the table alone. */
  openNote?: string;
  /** What the mark of open cells means, where the table has any: texts end with it. */
  markNote?: string;
  notes: readonly string[];
}

/** The parts of a result that a report shows. */
export interface ReportSource {
  rows: Row[];
  columns?: readonly (string | TableColumn)[];
  pivot?: Pivot;
  chart?: Chart;
  notes?: readonly string[];
}

/** The table is that of a terminal, but whole and without pictures of its numbers. */
export function reportOf({ rows, columns, pivot, chart, notes = [] }: ReportSource, heading: Heading): ReportContent {
  const table = pivot === undefined || rows.length === 0 ? { rows, columns } : pivotRows(rows, pivot);
  const shown = cellColumns(table.rows, table.columns).filter(({ isPicture }) => !isPicture);
  const isMarked = shown.some(({ open }) => open?.some(Boolean));
  return {
    heading,
    columns: shown.map(withMarks),
    rowCount: table.rows.length,
    chart,
    openNote: chart && openNoteOf(chart),
    markNote: isMarked ? `${OPEN_MARK} ${(chart && meaningOfOpen(chart)) ?? "not over yet"}` : undefined,
    notes,
  };
}

/** As in the heat map. */
function withMarks(column: CellColumn): CellColumn {
  const { open, texts } = column;
  if (open === undefined) return column;
  return { ...column, texts: texts.map((text, row) => open[row] && text !== "" ? `${text}${OPEN_MARK}` : text) };
}

/** What it means that a part of a chart is open, whether or not one is. */
function meaningOfOpen(chart: Chart): string | undefined {
  return chart.kind === "line" ? chart.openNote : chart.kind === "heat_map" ? chart.map.openNote : undefined;
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
