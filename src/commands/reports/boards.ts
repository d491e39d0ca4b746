import { dashboardsOfBookmark, linkedDashboards, reportId } from "../../api/bookmarks.ts";
import { call } from "../../api/call.ts";
import { z } from "zod";
import { command } from "../../cli/command.ts";

export default command({
  summary: "list the boards that show a report",
  description: "--placed asks for the boards that the report is placed on, by the path of boards.",
  args: ["bookmark_id"],
  examples: [{ text: "Ids of boards", run: "mp reports boards 9001" }],
  operations: [linkedDashboards, dashboardsOfBookmark],
  input: z.object({
    bookmark_id: reportId,
    placed: z.boolean().default(false).meta({ description: "Ask the boards instead of the report" }),
  }),
  async run(context, { bookmark_id, placed }) {
    const answer = await call(await context.client(), placed ? dashboardsOfBookmark : linkedDashboards, {
      bookmark_id,
    });
    await context.print({ ...answer, rows: answer.result().map((id) => ({ board: id })) });
  },
});
