/**
 * The layout of a board. What GET shows of it and what PATCH takes differ: `order` and an object of rows there,
 * `rows_order` and a list of rows here.
 */
import { isObject } from "../../streams/json/is_object.ts";
import { Refusal } from "../refusal.ts";
import { Body } from "./body.ts";
import type { ContentType, LayoutCell, LayoutRow, SavedDashboard } from "./saved_dashboard.ts";

const ROW_WIDTH = 12;
export const MOST_ROWS = 30;
export const MOST_CELLS = 4;
const USUAL_HEIGHT: Record<ContentType, number> = { text: 0, report: 336, "report-link": 336 };

type Content = Pick<LayoutCell, "content_id" | "content_type">;
type Layout = Pick<SavedDashboard, "rows" | "lastNumber">;

/** The layout with one more row at the bottom, whose contents share its width. */
export function withRow({ rows, lastNumber }: Layout, contents: readonly Content[]): Layout {
  if (rows.length === MOST_ROWS) throw new Refusal(400, `A dashboard can have at most ${MOST_ROWS} rows`);
  const cells = contents.map((content, index) => ({
    id: `c${lastNumber + 2 + index}`,
    width: ROW_WIDTH / contents.length,
    ...content,
  }));
  const height = Math.max(...contents.map(({ content_type }) => USUAL_HEIGHT[content_type]));
  const row = { id: `r${lastNumber + 1}`, height, cells };
  return { rows: [...rows, row], lastNumber: lastNumber + 1 + contents.length };
}

/** The layout without a content; a row that is left empty is gone, and the others of a row share its width. */
export function withoutContent({ rows, lastNumber }: Layout, content: Content): Layout {
  const kept = rows.map((row) => {
    const cells = row.cells.filter((cell) => !isSame(cell, content));
    const isWhole = cells.length === row.cells.length;
    return isWhole ? row : { ...row, cells: cells.map((cell) => ({ ...cell, width: ROW_WIDTH / cells.length })) };
  });
  return { rows: kept.filter(({ cells }) => cells.length > 0), lastNumber };
}

export function isSame(one: Content, other: Content): boolean {
  return one.content_id === other.content_id && one.content_type === other.content_type;
}

/** As GET shows it. */
export function describeLayout({ rows }: Pick<Layout, "rows">): unknown {
  return {
    version: "2.0.0",
    order: rows.map(({ id }) => id),
    rows: Object.fromEntries(rows.map(({ id, height, cells }) => [id, { height, cells }])),
  };
}

/**
 * The layout as a PATCH changes it.
 *
 * @param created the content that the same request made: it stands at the bottom, and a cell with a `temp_id` puts it
 * elsewhere
 * @throws Refusal 400 for `version`, unknown rows and cells, and rows that are not twelve twelfths wide.
 */
export function patchedLayout(layout: Layout, change: Body, created: Content | undefined): Layout {
  if (change.has("version")) throw change.refusal("version", "unknown field");
  // `order`, which GET has, changes nothing, silently.
  const rows = readRows(change);
  const arranged = rows.length === 0 ? layout : rearranged(layout, rows, created);
  const order = change.texts("rows_order");
  if (order === undefined) return arranged;
  const byId = new Map(arranged.rows.map((row) => [row.id, row]));
  for (const id of order) if (!byId.has(id)) throw unknownRow(id);
  if (new Set(order).size !== byId.size || order.length !== byId.size) {
    throw change.refusal("rows_order", "must name each row once");
  }
  return { ...arranged, rows: order.map((id) => byId.get(id)!) };
}

/** Rows as a list with their ids; an object by id, which one client sends, is taken as well. */
function readRows(change: Body): Body[] {
  const { rows } = change.fields;
  if (!isObject(rows)) return change.objects("rows") ?? [];
  return new Body({ rows: Object.entries(rows).map(([id, row]) => ({ id, ...row as object })) }, "layout.")
    .objects("rows")!;
}

function rearranged(layout: Layout, changes: readonly Body[], created: Content | undefined): Layout {
  const byId = new Map(layout.rows.flatMap(({ cells }) => cells).map((cell) => [cell.id, cell]));
  const named = new Set<string>();
  const changed = new Map(changes.map((change) => {
    const id = change.requiredText("id");
    const before = layout.rows.find((row) => row.id === id);
    if (before === undefined) throw unknownRow(id);
    const cells = (change.objects("cells") ?? []).map((sent) => {
      const cell = sent.has("temp_id") ? newCell(byId, sent, created) : byId.get(sent.requiredText("id"));
      if (cell === undefined) throw sent.refusal("id", `unknown cell ID ${sent.text("id")}`);
      if (named.has(cell.id)) throw sent.refusal("id", `cell ${cell.id} is in two places`);
      named.add(cell.id);
      return { ...cell, width: sent.number("width", 1, ROW_WIDTH) ?? cell.width };
    });
    return [id, { id, height: change.number("height", 0, 10_000) ?? before.height, cells }];
  }));
  const rows = layout.rows.map((row): LayoutRow => {
    const change = changed.get(row.id);
    const left = row.cells.filter(({ id }) => !named.has(id));
    if (change === undefined) return left.length === row.cells.length ? row : { ...row, cells: left };
    if (left.length > 0) throw new Refusal(400, `layout.rows: row ${row.id} leaves out cell ${left[0]!.id}`);
    return change;
  }).filter(({ cells }) => cells.length > 0);
  rows.forEach(checkRow);
  return { ...layout, rows };
}

function newCell(byId: Map<string, LayoutCell>, sent: Body, created: Content | undefined): LayoutCell {
  const cell = created && [...byId.values()].find((one) => isSame(one, created));
  if (cell === undefined) throw sent.refusal("temp_id", "no content is created by this request");
  return cell;
}

function checkRow({ id, cells }: LayoutRow): void {
  if (cells.length > MOST_CELLS) throw new Refusal(400, `layout.rows: row ${id} has more than ${MOST_CELLS} cells`);
  const width = cells.reduce((sum, cell) => sum + cell.width, 0);
  if (width !== ROW_WIDTH) {
    throw new Refusal(400, `layout.rows: the cells of row ${id} are ${width} wide, not ${ROW_WIDTH}`);
  }
}

const unknownRow = (id: string) => new Refusal(400, `layout: unknown row ID ${id}`);
