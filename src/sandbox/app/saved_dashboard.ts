/** Boards ("dashboards") as they are saved: fields, and a layout of rows whose cells show contents. */
import type { SandboxCall } from "../call.ts";
import type { Authorship } from "./author.ts";
import type { JsonObject } from "./body.ts";
import type { Stored } from "./collection.ts";

/** The kinds of saved objects: boards, their texts, and their links to reports of other boards. */
export const DASHBOARD = "dashboard";
export const TEXT_CARD = "text_card";
export const REPORT_LINK = "report_link";

export const CONTENT_TYPES = ["text", "report", "report-link"] as const;
export type ContentType = typeof CONTENT_TYPES[number];

export interface LayoutCell {
  id: string;
  /** In twelfths of the row. */
  width: number;
  content_id: number;
  content_type: ContentType;
}

export interface LayoutRow {
  id: string;
  /** In pixels; 0 is by what its texts need. */
  height: number;
  cells: LayoutCell[];
}

export interface SavedDashboard extends Authorship {
  title: string;
  description: string;
  is_private: boolean;
  is_restricted: boolean;
  filters: unknown[];
  breakdowns: unknown[];
  time_filter: JsonObject | null;
  /** From top to bottom. */
  rows: LayoutRow[];
  /** The highest number in ids of rows and cells so far. */
  lastNumber: number;
  /** Contents that were deleted and can be undeleted. */
  removed: Pick<LayoutCell, "content_id" | "content_type">[];
  /** Ids of those who have it among their favorites. */
  favoriteOf: number[];
  pinnedMs?: number;
  /** The board that it is nested in. */
  parentId?: number;
  /** The template that it was made of. */
  template?: string;
}

export interface SavedTextCard {
  dashboardId: number;
  /** HTML, whatever its name says. */
  markdown: string;
}

export interface SavedReportLink {
  dashboardId: number;
  bookmarkId: number;
  type: string;
}

/** All boards of the project. */
export function savedDashboards({ store, project }: SandboxCall): Stored<SavedDashboard>[] {
  return store.savedObjects.list<SavedDashboard>(project.id, DASHBOARD);
}

/** Ids of the boards that show a report, itself or by a link. */
export function dashboardsWith(call: SandboxCall, bookmarkId: number): number[] {
  const links = call.store.savedObjects.list<SavedReportLink>(call.project.id, REPORT_LINK)
    .filter(({ body }) => body.bookmarkId === bookmarkId).map(({ id }) => id);
  const shows = ({ content_type, content_id }: LayoutCell) =>
    content_type === "report"
      ? content_id === bookmarkId
      : content_type === "report-link" && links.includes(content_id);
  return savedDashboards(call).filter(({ body }) => body.rows.some(({ cells }) => cells.some(shows)))
    .map(({ id }) => id);
}
