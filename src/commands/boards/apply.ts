import { z } from "zod";
import { updateBookmark } from "../../api/bookmarks.ts";
import {
  boardId,
  createDashboard,
  getDashboard,
  listDashboards,
  updateDashboard,
  updateTextCard,
} from "../../api/dashboards.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { confirmInProject } from "../../cli/confirm_in_project.ts";
import { readNamedFile } from "../../cli/named_file.ts";
import { boardFileForm, readBoardFile } from "../../jobs/boards/board_file.ts";
import { applyAndPrint } from "./shared/apply.ts";

export default command({
  summary: "make a board of a file, or change it to what the file says",
  description:
    `The board of the same title is changed; where there is none, it is made, with all its reports. Reports are known by
name and kind. What the board has besides the file stays at its bottom, unless --prune deletes it. Stopped at any moment, the
same command continues where it stopped.`,
  args: ["file"],
  examples: [
    { text: "Change a board by its file", run: "mp boards export 9501 shop.toml && mp boards apply shop.toml" },
  ],
  operations: [listDashboards, getDashboard, createDashboard, updateDashboard, updateTextCard, updateBookmark],
  input: z.object({
    file: text("File of 'mp boards export'", { placeholder: "FILE" }),
    into: boardId.meta({ description: "Change this board, whatever its title" }).optional(),
    prune: z.boolean().default(false).meta({ description: "Delete what the board has and the file has not" }),
  }),
  async run(context, { file, into, prune }) {
    const document = readBoardFile(await readNamedFile(file), boardFileForm(file), file);
    const client = await context.client();
    if (prune) {
      const board = into === undefined ? `board ${JSON.stringify(document.title)}` : `board ${into}`;
      await confirmInProject(context, `Delete everything from ${board} that is not in ${file}?`);
    }
    if (context.globals.dryRun) await context.note("The board is read first, and then changed step by step");
    await applyAndPrint(context, client, document, { boardId: into, prune });
  },
});
