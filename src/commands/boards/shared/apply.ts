/** Making a board of a document, as commands show it. */
import type { Client } from "../../../client/types.ts";
import type { Context } from "../../../cli/context.ts";
import { applyBoard, type BoardId } from "../../../jobs/boards/apply_board.ts";
import type { BoardDocument } from "../../../jobs/boards/board_document.ts";
import { jsonResult } from "../../../output/print.ts";

/** Applies a document, says what is done, and prints which board it became. */
export async function applyAndPrint(
  context: Context,
  client: Client,
  document: BoardDocument,
  options: { boardId?: BoardId; prune?: boolean } = {},
): Promise<void> {
  const { id, isNew, changes } = await applyBoard(client, document, {
    ...options,
    signal: context.signal,
    onDone: (says) => context.note(says),
  });
  if (!isNew && changes === 0) await context.note(`Board ${id} is as the file says; nothing was changed`);
  const row = { id, title: document.title, made: isNew, changes };
  await context.print(
    jsonResult(row, { rows: [row], columns: [{ key: "id", identifier: true }, "title", "made", "changes"] }),
  );
}
