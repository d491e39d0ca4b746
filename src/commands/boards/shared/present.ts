/** How boards are shown. */
import type { z } from "zod";
import type { Board, listDashboards } from "../../../api/dashboards.ts";
import type { Presentation } from "../../../cli/operation_command.ts";
import type { Row } from "../../../output/row.ts";

type BoardFields = z.output<typeof listDashboards.result>[number];

/** Rows with the columns that people look for. */
export function presentBoards(boards: readonly BoardFields[]): Presentation {
  return {
    rows: boards.map(({ id, title, description, pinned_date, is_favorited, is_private, creator_name }) => ({
      id,
      title,
      description,
      pinned: pinned_date === undefined || pinned_date === null ? false : true,
      favorite: is_favorited,
      private: is_private,
      by: creator_name,
    })),
    columns: [{ key: "id", identifier: true }, "title", "description", "pinned", "favorite", "private", "by"],
  };
}

/** What is kept for completion of ids. */
export const boardItems = (boards: readonly BoardFields[]) =>
  boards.map(({ id, title }) => ({ value: String(id), description: title }));

const MOST_TEXT = 60;

/** A row for each content, as they stand on the board. */
export function contentRows({ layout, contents }: Board): Row[] {
  return (layout?.order ?? []).flatMap((rowId, row) =>
    (layout?.rows[rowId]?.cells ?? []).map(({ content_id, content_type, width }): Row => {
      const report = contents?.report?.[String(content_id)];
      const text = contents?.text?.[String(content_id)]?.markdown ?? "";
      const shown = text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").trim().slice(0, MOST_TEXT);
      return {
        row: row + 1,
        width,
        type: content_type,
        id: content_id,
        kind: report?.type,
        name: report?.name ?? shown,
      };
    })
  );
}

export const CONTENT_COLUMNS = ["row", "width", "type", { key: "id", identifier: true }, "kind", "name"];
