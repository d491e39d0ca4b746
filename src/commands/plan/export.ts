import { z } from "zod";
import type { Board } from "../../api/dashboards.ts";
import { command } from "../../cli/command.ts";
import type { Context } from "../../cli/context.ts";
import { asksForResult } from "../../cli/format_choice.ts";
import { storageAt } from "../../cli/storage_at.ts";
import { documentOf } from "../../jobs/boards/board_document.ts";
import { boardKind, boardsOf } from "../../jobs/plan/kinds/boards.ts";
import { writePlan } from "../../jobs/plan/plan_folder.ts";
import { formatCount } from "../../output/format.ts";
import { jsonResult } from "../../output/print.ts";
import { chosenKinds, noteUnknown, planInput, planProject, readChosen } from "./shared/plan_input.ts";

/** What stands on a board, and no file can have. */
async function noteLinks(context: Context, boards: readonly Board[]): Promise<void> {
  for (const board of boards) {
    const { leftOut } = documentOf(board);
    if (leftOut > 0) {
      await context.note(`boards/${board.title}: left out ${formatCount(leftOut, "link")} to reports of other boards`);
    }
  }
}

export default command({
  summary: "write a project's definitions to a folder of TOML files",
  description:
    `One file for each definition, in a folder for each kind, with names where the project has ids: made to be kept under
version control, compared with 'mp plan diff' and written to this or another project with 'mp plan apply'. A folder that has
a plan already is brought up to date: files keep their names, and those of definitions that are gone are removed.`,
  args: ["folder"],
  examples: [
    { text: "All definitions of the project", run: "mp plan export plan/" },
    { text: "Feature flags alone", run: "mp plan export plan/ --only flags" },
  ],
  input: z.object(planInput),
  async run(context, { folder, only }) {
    const kinds = chosenKinds(only);
    const storage = await storageAt(context, folder);
    const project = planProject(context, await context.client());
    const { definitions, ...plan } = await readChosen(project, kinds);
    const { written, removed } = await writePlan(storage, definitions, kinds);
    await noteUnknown(context, { definitions, ...plan });
    if (kinds.includes(boardKind)) await noteLinks(context, await boardsOf(project));
    const gone = removed.length === 0 ? "" : `, removed ${removed.length}`;
    await context.note(
      `${formatCount(definitions.length, "definition")} in ${storage.address}: wrote ${written} files${gone}`,
    );
    const counts = Object.fromEntries(
      kinds.map(({ kind }) => [kind, definitions.filter((o) => o.kind === kind).length]),
    );
    if (asksForResult(context)) await context.print(jsonResult({ definitions: counts, written, removed }));
  },
});
