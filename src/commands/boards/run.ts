import { z } from "zod";
import { boardId, getDashboard } from "../../api/dashboards.ts";
import { savedFlows } from "../../api/flows.ts";
import { insights } from "../../api/insights.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { inputError, MpError } from "../../errors.ts";
import { readBoard } from "../../jobs/boards/apply_board.ts";
import { join, listFolder, makeFolder, writeFileAtomically } from "../../runtime/files/files.ts";
import { boardReports, type NumbersForm, reportNumbers } from "./shared/numbers.ts";

const DONE_IN_PART = 8;

export default command({
  summary: "write the numbers of all reports of a board into a folder",
  description:
    `A file for each report, named by its place on the board and its name: CSV, or JSON with -f json; flows are JSON always.
Each report is one of the 60 queries that a project has in an hour. When they run out, what came is kept, and the same command
with --missing asks for the rest. A report that Mixpanel cannot compute is named, and the exit code is 8.`,
  args: ["dashboard_id"],
  output: "own",
  examples: [
    { text: "As CSV", run: "mp boards run 9501 -o numbers/" },
    { text: "Go on after the quota ran out", run: "mp boards run 9501 -o numbers/ --missing" },
  ],
  operations: [getDashboard, insights, savedFlows],
  input: z.object({
    dashboard_id: boardId,
    missing: z.boolean().default(false).meta({ description: "Only reports whose files are not there" }),
  }),
  async run(context, { dashboard_id, missing }) {
    const { folder, form } = outputOf(context);
    const client = await context.client();
    const reports = boardReports(await readBoard(client, dashboard_id), form);
    await makeFolder(folder);
    const there = new Set(missing ? await listFolder(folder) : []);
    const wanted = reports.filter(({ file }) => !there.has(file));
    let failed = 0;
    for (const report of wanted) {
      try {
        await writeFileAtomically(join(folder, report.file), await reportNumbers(context, client, report));
      } catch (error) {
        // expected: a report that the server refuses; what would refuse the next one, too, ends the command
        if (!(error instanceof MpError) || !["input", "not_found", "server"].includes(error.category)) throw error;
        failed++;
        await context.note(`No numbers of report ${report.id}, ${JSON.stringify(report.name)}: ${error.message}`);
      }
    }
    const kept = reports.length - wanted.length;
    const rest = kept === 0 ? "" : `; ${kept} were there`;
    await context.note(
      `Wrote ${wanted.length - failed} of ${reports.length} reports of board ${dashboard_id} to ${folder}${rest}`,
    );
    return failed > 0 ? DONE_IN_PART : 0;
  },
});

/** @throws MpError (input) without a folder, and for what a file of numbers cannot be. */
function outputOf({ globals }: Context): { folder: string; form: NumbersForm } {
  const { output: folder, format = "csv", jq } = globals;
  if (folder === undefined || folder === "-") {
    throw inputError("Cannot write the numbers of a board without a folder", "add -o FOLDER/", "missing_argument");
  }
  if (jq === undefined && (format === "csv" || format === "json")) return { folder, form: format };
  throw inputError(
    `Cannot write the numbers of a board ${jq === undefined ? `as ${format}` : "with --jq"}: each file is CSV or JSON`,
    "use -f csv or -f json",
    "bad_choice",
  );
}
