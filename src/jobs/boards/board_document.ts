/**
 * A board as a document that belongs to no project: rows of texts and of reports with all that they ask, without ids.
 * From it a board can be made again, here or elsewhere, and by it one that is there can be changed.
 */
import { z } from "zod";
import { stringifyJson } from "../../streams/json/json.ts";
import { paramsObject, REPORT_TYPES, savableParams } from "../../api/bookmarks.ts";
import {
  type Board,
  BOARD_WIDTH,
  html,
  LONGEST_DESCRIPTION,
  LONGEST_TITLE,
  MOST_BOARD_ROWS,
  MOST_IN_ROW,
} from "../../api/dashboards.ts";

const object = z.record(z.string(), z.unknown());

const reportContent = z.strictObject({
  name: z.string().min(1),
  type: z.enum(REPORT_TYPES),
  description: z.string().default(""),
  /** What it asks: `sections` and `displayOptions`, or the fields of flows. */
  params: object,
});

const documentCell = z.union([
  z.strictObject({ width: z.int().min(1).max(BOARD_WIDTH), text: html }),
  z.strictObject({ width: z.int().min(1).max(BOARD_WIDTH), report: reportContent }),
]);

const documentRow = z.strictObject({
  /** In pixels; 0 is by what its texts need. */
  height: z.number().min(0),
  cells: z.array(documentCell).min(1).max(MOST_IN_ROW)
    .refine((cells) => cells.reduce((sum, { width }) => sum + width, 0) === BOARD_WIDTH, {
      error: `the widths of a row do not add up to ${BOARD_WIDTH}`,
    }),
});

export const boardDocument = z.strictObject({
  title: z.string().min(1).max(LONGEST_TITLE),
  description: z.string().max(LONGEST_DESCRIPTION).default(""),
  filters: z.array(object).default([]),
  breakdowns: z.array(object).default([]),
  /** The days of all its reports; null where each has its own. */
  time_filter: object.nullable().default(null),
  rows: z.array(documentRow).max(MOST_BOARD_ROWS),
});
export type BoardDocument = z.output<typeof boardDocument>;
export type DocumentCell = z.output<typeof documentCell>;

/** A cell of a board as it is, with the ids of its project. */
export interface PlacedCell {
  cellId: string;
  width: number;
  contentId: string | number | bigint;
  /** What it shows; undefined for a link to a report of another board, which no document can have. */
  shows: DocumentContent | undefined;
}

export interface PlacedRow {
  id: string;
  height: number;
  cells: PlacedCell[];
}

/** What a cell shows, without its width. */
export type DocumentContent = { text: string } | { report: z.output<typeof reportContent> };

/** The rows of a board, from top to bottom. */
export function placedRows({ layout, contents }: Board): PlacedRow[] {
  return (layout?.order ?? []).flatMap((id): PlacedRow[] => {
    const row = layout?.rows[id];
    if (row === undefined) return [];
    const cells = row.cells.map(({ id: cellId, width, content_id: contentId, content_type }): PlacedCell => ({
      cellId,
      width,
      contentId,
      shows: contentOf(contents, content_type, String(contentId)),
    }));
    return [{ id, height: row.height ?? 0, cells }];
  });
}

function contentOf(contents: Board["contents"], type: string, id: string): DocumentContent | undefined {
  if (type === "text") return { text: contents?.text?.[id]?.markdown ?? "" };
  const report = type === "report" ? contents?.report?.[id] : undefined;
  const params = paramsObject(report?.params);
  if (report === undefined || params === undefined) return undefined;
  const { name, type: kind, description } = report;
  return { report: { name, type: kind as typeof REPORT_TYPES[number], description: description ?? "", params } };
}

/** A board as a document, and how many of its contents no document can have. */
export function documentOf(board: Board): { document: BoardDocument; leftOut: number } {
  let leftOut = 0;
  const rows = placedRows(board).flatMap(({ height, cells }) => {
    const shown = cells.flatMap(({ width, shows }) => shows === undefined ? [] : [{ width, ...shows }]);
    if (shown.length < cells.length) {
      leftOut += cells.length - shown.length;
      // Those that stay share the row.
      for (const cell of shown) cell.width = BOARD_WIDTH / shown.length;
    }
    return shown.length === 0 ? [] : [{ height, cells: shown as DocumentCell[] }];
  });
  const time_filter = object.safeParse(board.time_filter).data;
  return {
    document: {
      title: board.title,
      description: board.description ?? "",
      filters: (board.filters ?? []) as Record<string, unknown>[],
      breakdowns: (board.breakdowns ?? []) as Record<string, unknown>[],
      time_filter: time_filter === undefined || Object.keys(time_filter).length === 0 ? null : time_filter,
      rows,
    },
    leftOut,
  };
}

/** A content as it can be saved: with what the web page needs to show it. */
export function savable(shows: DocumentContent): DocumentContent {
  if ("text" in shows) return shows;
  const { type, params } = shows.report;
  return { report: { ...shows.report, params: savableParams(type, params) } };
}

/** A content as requests that make it name it: a report's params are JSON text there. */
export function newContentOf(shows: DocumentContent) {
  if ("text" in shows) return { content_type: "text" as const, content_params: { markdown: shows.text } };
  const { params, ...report } = shows.report;
  const bookmark = { ...report, params: stringifyJson(params) };
  return { content_type: "report" as const, content_params: { bookmark } };
}
