import { z } from "zod";
import { call } from "../../api/call.ts";
import { getBookmark, reportId } from "../../api/bookmarks.ts";
import { askFlows, savedFlows } from "../../api/flows.ts";
import { askInsights, insights } from "../../api/insights.ts";
import { command } from "../../cli/command.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { REPORT_CHANGES, reportChangesOf } from "../query/shared/ask_flags.ts";
import { askAboutParams, isGiven, readableParams } from "../query/shared/ask_params.ts";
import { presentReport } from "../query/shared/report_shapes.ts";

export default command({
  summary: "the numbers of a saved report, whatever its kind",
  description:
    `Looks up the kind of the report, and asks for its numbers: insights, funnels and retention in one way, flows in
another. It counts as one query. With days, --by, --cohort or --where what it asks is changed, and asked as the web page
asks: --by splits it otherwise than it is, the others must hold too. 'mp query insights' can change more.`,
  args: ["bookmark_id"],
  dateRange: true,
  examples: [
    { text: "As a table", run: "mp reports run 9001 -f table" },
    { text: "A funnel of the last week, as CSV", run: "mp reports run 9003 --last 7d -f csv" },
  ],
  operations: [getBookmark, insights, savedFlows, askInsights, askFlows],
  draws: true,
  input: z.object({ bookmark_id: reportId, query_type: savedFlows.params.shape.query_type, ...REPORT_CHANGES }),
  async run(context, { bookmark_id, query_type, ...flags }, typedDays) {
    const client = await context.client();
    const changes = reportChangesOf(flags, typedDays);
    const { type, params } = (await call(client, getBookmark, { bookmark_id })).result();
    if (isGiven(flags)) {
      const known = readableParams(params, String(bookmark_id));
      return await askAboutParams(context, known, { changes, where: flags.where });
    }
    if (type === "flows") return await context.print(await call(client, savedFlows, { bookmark_id, query_type }));
    const answer = await call(client, insights, { bookmark_id });
    const forms = printsServerText(context)
      ? undefined
      : await ifUnderstood(context, () => presentReport(answer.result().series, answer.result().headers));
    await context.print({ text: answer.text, data: answer.data, ...forms });
  },
});
