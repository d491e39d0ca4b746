/** How saved reports are shown. */
import type { Bookmark } from "../../../api/bookmarks.ts";
import type { Presentation } from "../../../cli/operation_command.ts";

/** Rows with the columns that people look for. */
export function presentReports(reports: readonly Bookmark[]): Presentation {
  return {
    rows: reports.map(({ id, name, type, dashboard_id, creator_name, modified }) => ({
      id,
      name,
      type,
      board: dashboard_id,
      by: creator_name,
      modified,
    })),
    columns: [{ key: "id", identifier: true }, "name", "type", { key: "board", identifier: true }, "by", "modified"],
  };
}

/** What is kept for completion of ids. */
export const reportItems = (reports: readonly Bookmark[]) =>
  reports.map(({ id, type, name }) => ({ value: String(id), description: `${type}: ${name}` }));
