import { z } from "zod";
import { call } from "../../api/call.ts";
import { boardId, experimentResults, getDashboard } from "../../api/dashboards.ts";
import { command } from "../../cli/command.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { presentBoards } from "./shared/present.ts";

export default command({
  summary: getDashboard.summary,
  description:
    "As JSON it has the layout, and all that the reports ask. 'mp boards contents list' shows them as a table.",
  args: ["dashboard_id"],
  examples: [
    { text: "One board, with everything on it", run: "mp boards get 9501 -f json" },
    { text: "Results of the experiment that it is about", run: "mp boards get 9501 --experiment-results" },
  ],
  operations: [getDashboard, experimentResults],
  input: z.object({
    dashboard_id: boardId,
    experiment_results: z.boolean().default(false)
      .meta({ description: "Only the results of an experiment, as Mixpanel has them" }),
  }),
  async run(context, { dashboard_id, experiment_results }) {
    const client = await context.client();
    if (experiment_results) return await context.print(await call(client, experimentResults, { dashboard_id }));
    const answer = await call(client, getDashboard, { dashboard_id });
    const forms = printsServerText(context)
      ? undefined
      : await ifUnderstood(context, () => presentBoards([answer.result()]));
    await context.print({ ...answer, ...forms });
  },
});
