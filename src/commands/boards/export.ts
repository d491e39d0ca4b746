import { z } from "zod";
import { call } from "../../api/call.ts";
import { boardId, getDashboard } from "../../api/dashboards.ts";
import { text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";
import { documentOf } from "../../jobs/boards/board_document.ts";
import { boardFileForm, writeBoardFile } from "../../jobs/boards/board_file.ts";
import { ensureLineEnd } from "../../output/json.ts";
import { proveWritable } from "../../runtime/files/writable.ts";
import { writeFileAtomically } from "../../runtime/files/files.ts";

export default command({
  summary: "write a board with all its reports into one file",
  description:
    `The file has title, texts, layout and all that the reports ask, and no ids, so that 'mp boards apply' can make the
board again, here or in another project. It is TOML, or JSON where its name ends in .json; - is standard output. Links to
reports of other boards are left out, with a note.`,
  args: ["dashboard_id", "file"],
  output: "own",
  examples: [{ text: "To a file that can be kept under version control", run: "mp boards export 9501 shop.toml" }],
  operations: [getDashboard],
  input: z.object({ dashboard_id: boardId, file: text("The file, or -", { placeholder: "FILE" }) }),
  async run(context, { dashboard_id, file }) {
    if (
      context.globals.output !== undefined || context.globals.format !== undefined || context.globals.jq !== undefined
    ) {
      throw inputError(
        "Cannot export a board with --output, --format or --jq",
        "name the file: .toml or .json",
        "bad_flags",
      );
    }
    if (file !== "-") await proveWritable(file);
    const board = (await call(await context.client(), getDashboard, { dashboard_id })).result();
    const { document, leftOut } = documentOf(board);
    const written = writeBoardFile(document, boardFileForm(file));
    if (file === "-") await context.stdout.write(ensureLineEnd(written));
    else await writeFileAtomically(file, written);
    const reports = document.rows.flatMap(({ cells }) => cells).filter((cell) => "report" in cell).length;
    if (file !== "-") {
      await context.note(`Wrote board ${JSON.stringify(board.title)} with ${reports} reports to ${file}`);
    }
    if (leftOut > 0) {
      await context.note(
        `Left out ${leftOut === 1 ? "1 content" : `${leftOut} contents`}: links to reports of other boards`,
      );
    }
  },
});
