/**
 * What has to be done to a board so that it becomes what a document says, one step at a time. After each step the board is
 * read again, since the server alone knows the ids of rows, cells and contents; so a job that was stopped finds by itself
 * where it was.
 */
import type { z } from "zod";
import { type Board, BOARD_WIDTH, type LayoutChange, type updateDashboard } from "../../api/dashboards.ts";
import { isSameJson } from "../../streams/json/same_json.ts";
import {
  type BoardDocument,
  type DocumentCell,
  type DocumentContent,
  documentOf,
  newContentOf,
  type PlacedCell,
  type PlacedRow,
  placedRows,
  savable,
} from "./board_document.ts";

/** A change of a board, or of a report on it. */
export type BoardStep =
  & { says: string }
  & (
    | { board: Omit<z.input<typeof updateDashboard.params>, "dashboard_id"> }
    | { report: PlacedCell["contentId"]; params: Record<string, unknown>; description: string }
    | { text: PlacedCell["contentId"]; html: string }
  );

/** A text that stands in a new row until something else does: contents alone make rows. */
const PLACEHOLDER = "<p>mp: this row is being filled</p>";

interface Wanted {
  height: number;
  cells: { width: number; shows: DocumentContent; placed?: PlacedCell }[];
}

/**
 * The steps that are left, the next one first; those after it may be others when it is done.
 *
 * @param prune whether contents that the document does not have are deleted; else, as links always do, they stay at the bottom
 */
export function boardSteps(document: BoardDocument, board: Board, prune: boolean): BoardStep[] {
  const rows = placedRows(board);
  const { wanted, extras } = matched(document, rows);
  const others = extras.filter((cell) => !isPlaceholder(cell));
  // A link is nothing that a document could have, so that nobody has taken it out.
  const pruned = prune ? others.filter(({ shows }) => shows !== undefined) : [];
  const kept = extraRows(rows, others.filter((cell) => !pruned.includes(cell)));
  return [
    ...fieldSteps(document, board),
    ...wanted.flatMap(({ cells }) => cells).filter(({ placed }) => placed === undefined).map(({ shows }) =>
      creation(shows)
    ),
    ...pruned.map((cell) => deletion(cell)),
    ...wanted.flatMap(({ cells }) => cells).flatMap(({ shows, placed }) => changeOf(shows, placed)),
    ...layoutSteps(rows, [...wanted, ...kept], extras.filter(isPlaceholder)),
  ];
}

function fieldSteps(document: BoardDocument, board: Board): BoardStep[] {
  const { document: { rows: _rows, ...now } } = documentOf(board);
  const { rows: _wanted, ...wanted } = document;
  const changed = Object.entries(wanted)
    .filter(([name, value]) => !isSameJson(value, now[name as keyof typeof now]))
    // An empty object takes the filter off.
    .map(([name, value]) => [name, value ?? {}]);
  if (changed.length === 0) return [];
  const names = changed.map(([name]) => String(name).replace("_", " ")).join(", ");
  return [{ says: `Changed ${names}`, board: Object.fromEntries(changed) }];
}

/** Which content of the board each cell of the document is: reports by kind and name, texts as they are, then in order. */
function matched(document: BoardDocument, rows: readonly PlacedRow[]): { wanted: Wanted[]; extras: PlacedCell[] } {
  const free = rows.flatMap(({ cells }) => cells);
  const take = (fits: (shows: DocumentContent) => boolean): PlacedCell | undefined => {
    const index = free.findIndex((cell) => !isPlaceholder(cell) && cell.shows !== undefined && fits(cell.shows));
    return index < 0 ? undefined : free.splice(index, 1)[0];
  };
  const wanted = document.rows.map(({ height, cells }): Wanted => ({
    height,
    cells: cells.map((cell) => {
      const shows = contentOnly(cell);
      return { width: cell.width, shows, placed: take((one) => isSameThing(one, shows)) };
    }),
  }));
  for (const cell of wanted.flatMap(({ cells }) => cells)) {
    if (cell.placed === undefined && "text" in cell.shows) cell.placed = take((one) => "text" in one);
  }
  return { wanted, extras: free };
}

function contentOnly({ width: _width, ...shows }: DocumentCell): DocumentContent {
  return savable(shows as DocumentContent);
}

function isSameThing(one: DocumentContent, other: DocumentContent): boolean {
  if ("text" in one) return "text" in other && one.text === other.text;
  return "report" in other && one.report.name === other.report.name && one.report.type === other.report.type;
}

const isPlaceholder = ({ shows }: PlacedCell) => shows !== undefined && "text" in shows && shows.text === PLACEHOLDER;

/** Rows of what the document does not have, as they stand. */
function extraRows(rows: readonly PlacedRow[], extras: readonly PlacedCell[]): Wanted[] {
  return rows.flatMap(({ height, cells }): Wanted[] => {
    const left = cells.filter((cell) => extras.includes(cell));
    const isWhole = left.length === cells.length;
    const kept = left.map((placed) => ({
      width: isWhole ? placed.width : BOARD_WIDTH / left.length,
      shows: placed.shows ?? { text: "" },
      placed,
    }));
    return left.length === 0 ? [] : [{ height, cells: kept }];
  });
}

const titleOf = (shows: DocumentContent | undefined): string =>
  shows === undefined ? "a link" : "text" in shows ? "a text" : JSON.stringify(shows.report.name);

function creation(shows: DocumentContent): BoardStep {
  return { says: `Added ${titleOf(shows)}`, board: { content: { action: "create", ...newContentOf(shows) } } };
}

function deletion({ contentId, shows }: PlacedCell, says = `Deleted ${titleOf(shows)}`): BoardStep {
  const content_type = shows === undefined ? "report-link" : "text" in shows ? "text" : "report";
  return { says, board: { content: { action: "delete", content_type, content_id: contentId } } };
}

function changeOf(wanted: DocumentContent, placed: PlacedCell | undefined): BoardStep[] {
  if (placed?.shows === undefined || isSameJson(placed.shows, wanted)) return [];
  const says = `Changed ${titleOf(wanted)}`;
  if ("text" in wanted) return [{ says, text: placed.contentId, html: wanted.text }];
  const { params, description } = wanted.report;
  return [{ says, report: placed.contentId, params, description }];
}

function layoutSteps(rows: readonly PlacedRow[], wanted: readonly Wanted[], placeholders: PlacedCell[]): BoardStep[] {
  // Before everything is there, nothing can be laid out.
  if (wanted.some(({ cells }) => cells.some(({ placed }) => placed === undefined))) return [];
  const rowOf = rowsFor(wanted, rows);
  if (rowOf.size < wanted.length) {
    const text = { content_type: "text" as const, content_params: { markdown: PLACEHOLDER } };
    return [{ says: `Made row ${rows.length + 1}`, board: { content: { action: "create", ...text } } }];
  }
  const filled = placeholders.filter((cell) => rows.some(({ cells }) => cells.length > 1 && cells.includes(cell)));
  if (filled.length > 0) return filled.map((cell) => deletion(cell, "Filled a new row"));
  const changes = rows.flatMap((row): NonNullable<LayoutChange["rows"]> => {
    const target = [...rowOf].find(([, id]) => id === row.id)?.[0];
    const cells = [
      ...(target?.cells ?? []).map(({ width, placed }) => ({ id: placed!.cellId, width })),
      ...row.cells.filter(isPlaceholder).map(({ cellId, width }) => ({ id: cellId, width })),
    ];
    const shared = target !== undefined && cells.length > target.cells.length
      ? cells.map((cell) => ({ ...cell, width: BOARD_WIDTH / cells.length }))
      : cells;
    const height = target?.height ?? row.height;
    const now = row.cells.map(({ cellId, width }) => ({ id: cellId, width }));
    const isSame = height === row.height && isSameJson(shared, now);
    return isSame ? [] : [{ id: row.id, height, cells: shared }];
  });
  if (changes.length > 0) return [{ says: "Laid out the rows", board: { layout: { rows: changes } } }];
  if (placeholders.length > 0) return placeholders.map((cell) => deletion(cell, "Removed a row that was not needed"));
  const now = rows.map(({ id }) => id);
  const first = wanted.map((row) => rowOf.get(row)!);
  const order = [...first, ...now.filter((id) => !first.includes(id))];
  if (isSameJson(order, now)) return [];
  return [{ says: "Put the rows in order", board: { layout: { rows_order: order } } }];
}

/**
 * The row of the board that each wanted row becomes: one that has something of it already, or any other. The fullest rows
 * choose first, so that those for which a new row is made have room for its placeholder.
 */
function rowsFor(wanted: readonly Wanted[], rows: readonly PlacedRow[]): Map<Wanted, string> {
  const free = new Set(rows);
  const chosen = new Map<Wanted, string>();
  const bySize = wanted.toSorted((a, b) => b.cells.length - a.cells.length);
  const choose = (row: Wanted, fits: (one: PlacedRow) => boolean) => {
    const found = chosen.has(row) ? undefined : [...free].find(fits);
    if (found === undefined) return;
    free.delete(found);
    chosen.set(row, found.id);
  };
  for (const row of bySize) choose(row, ({ cells }) => row.cells.some(({ placed }) => cells.includes(placed!)));
  for (const row of bySize) choose(row, () => true);
  return chosen;
}
