import { z } from "zod";
import { call } from "../../api/call.ts";
import { boardId, createDashboard, getDashboard, listDashboards, updateDashboard } from "../../api/dashboards.ts";
import { id, text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { inputError } from "../../errors.ts";
import { readBoard } from "../../jobs/boards/apply_board.ts";
import { documentOf } from "../../jobs/boards/board_document.ts";
import { applyAndPrint } from "./shared/apply.ts";
import { presentBoards } from "./shared/present.ts";

export default command({
  summary: "copy a board, here or into another project",
  description:
    `Here Mixpanel makes the copy. Into another project of the same region it is made by what 'mp boards export' and 'mp boards
apply' do, so that it can be stopped and run again; your credentials must be allowed to write there. Reports that name
cohorts, custom events or custom properties by their ids ask for those of the other project. --by-server leaves the copy
to Mixpanel there, too: seen in one client only.`,
  args: ["dashboard_id"],
  examples: [
    { text: "A copy to try changes on", run: "mp boards copy 9501 --title 'Shop, draft'" },
    { text: "Into another project", run: "mp boards copy 9501 --to-project 1000001 --title 'Shop, copied'" },
  ],
  operations: [getDashboard, createDashboard, listDashboards, updateDashboard],
  input: z.object({
    dashboard_id: boardId,
    title: text("Board's title; default: the same").max(255).optional(),
    to_project: id("Project to copy it to; default: this one", { completes: "projects" }).optional(),
    by_server: z.boolean().default(false).meta({ description: "Let Mixpanel make the copy in the other project" }),
  }),
  async run(context, { dashboard_id, title: typed, to_project, by_server }) {
    const client = await context.client();
    if (by_server && to_project === undefined) {
      throw inputError(
        "Cannot use --by-server without --to-project",
        "Mixpanel copies boards of one project anyway",
        "bad_flags",
      );
    }
    if (context.globals.dryRun) await context.note("The board is read first, and then made again");
    if (to_project === undefined || by_server) {
      const target = to_project === undefined ? {} : { target_project_id: to_project };
      const title = typed ?? (await readBoard(client, dashboard_id)).title;
      const answer = await call(client, createDashboard, { title, duplicate: dashboard_id, ...target });
      const made = answer.result();
      await context.note(`Made board ${made.id}, ${JSON.stringify(made.title)}`);
      return await context.print({ ...answer, ...presentBoards([made]) });
    }
    const { document, leftOut } = documentOf(await readBoard(client, dashboard_id));
    const there = {
      ...client,
      connection: { ...client.connection, projectId: String(to_project), workspaceId: undefined },
    };
    if (leftOut > 0) await context.note(`Left out ${leftOut} links to reports of other boards`);
    await applyAndPrint(context, there, { ...document, title: typed ?? document.title });
  },
});
