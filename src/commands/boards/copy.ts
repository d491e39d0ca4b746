import { z } from "zod";
import { call } from "../../api/call.ts";
import { boardId, createDashboard, getDashboard, listDashboards, updateDashboard } from "../../api/dashboards.ts";
import { id, text } from "../../api/params.ts";
import { command } from "../../cli/command.ts";
import { inputError, type MpError } from "../../errors.ts";
import { readBoard } from "../../jobs/boards/apply_board.ts";
import { type BoardDocument, documentOf } from "../../jobs/boards/board_document.ts";
import type { PlanProject } from "../../jobs/plan/plan_kind.ts";
import { PLAN_KINDS } from "../../jobs/plan/plan_kinds.ts";
import { translate } from "../../jobs/plan/translate.ts";
import { planProject } from "../plan/shared/plan_input.ts";
import { applyAndPrint } from "./shared/apply.ts";
import { presentBoards } from "./shared/present.ts";

export default command({
  summary: "copy a board, here or into another project",
  description:
    `Here Mixpanel makes the copy. Into another project of the same region it is made by what 'mp boards export' and 'mp boards
apply' do, so that it can be stopped and run again; your credentials must be allowed to write there. Where its reports refer
to cohorts, custom events, custom properties, saved metrics or behaviors, they then refer to those of the same names in the
other project. When one is missing there, nothing is copied and the missing ones are listed, unless --allow-missing is
given. --by-server leaves the copy to Mixpanel there, too: seen in one client only.`,
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
    allow_missing: z.boolean().default(false).meta({
      description: "Copy it even where it refers to what the other project does not have",
    }),
    by_server: z.boolean().default(false).meta({ description: "Let Mixpanel make the copy in the other project" }),
  }),
  async run(context, { dashboard_id, title: typed, to_project, allow_missing, by_server }) {
    const client = await context.client();
    if (by_server && to_project === undefined) {
      throw inputError(
        "Cannot use --by-server without --to-project",
        "Mixpanel copies boards of one project anyway",
        "bad_flags",
      );
    }
    if (allow_missing && (to_project === undefined || by_server)) {
      throw inputError(
        `Cannot use --allow-missing ${by_server ? "together with --by-server" : "without --to-project"}`,
        "Mixpanel makes such a copy by itself",
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
    const [source, target] = [client, there].map((one) => planProject(context, one)) as [PlanProject, PlanProject];
    const { value, missing, unknown } = await translate(document, source, target, PLAN_KINDS);
    for (const one of unknown) await context.note(`It refers to ${one}, which is not in its project: the id stays`);
    if (!allow_missing && missing.length > 0) throw missingThere(dashboard_id, to_project, missing);
    for (const one of missing) await context.note(`Project ${to_project} has no ${one}: the id stays`);
    await applyAndPrint(context, there, { ...value as BoardDocument, title: typed ?? document.title });
  },
});

function missingThere(board: unknown, project: unknown, missing: readonly string[]): MpError {
  const kinds = new Set(missing.map((path) => `--only ${path.split("/")[0]}`));
  return inputError(
    `Cannot copy board ${board}: project ${project} does not have ${missing.join(", ")}`,
    `'mp plan export FOLDER ${[...kinds].join(" ")}' and 'mp plan apply FOLDER --project ${project}' copy them; ` +
      "or add --allow-missing",
    "missing_references",
  );
}
