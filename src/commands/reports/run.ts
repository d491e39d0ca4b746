import { z } from "zod";
import { call } from "../../api/call.ts";
import { getBookmark, reportId } from "../../api/bookmarks.ts";
import { savedFlows } from "../../api/flows.ts";
import { insights } from "../../api/insights.ts";
import { command } from "../../cli/command.ts";
import { printsServerText } from "../../cli/format_choice.ts";
import { ifUnderstood } from "../../cli/operation_command.ts";
import { presentReport } from "../query/shared/report_shapes.ts";

export default command({
  summary: "the numbers of a saved report, whatever its kind",
  description:
    `Looks up the kind of the report, and asks for its numbers: insights, funnels and retention in one way, flows in
another. It counts as one query. 'mp query insights' is the same for those who know that it is not flows.`,
  args: ["bookmark_id"],
  examples: [
    { text: "As a table", run: "mp reports run 9001 -f table" },
    { text: "A funnel, as CSV", run: "mp reports run 9003 -f csv" },
  ],
  operations: [getBookmark, insights, savedFlows],
  draws: true,
  input: z.object({ bookmark_id: reportId, query_type: savedFlows.params.shape.query_type }),
  async run(context, { bookmark_id, query_type }) {
    const client = await context.client();
    const { type } = (await call(client, getBookmark, { bookmark_id })).result();
    if (type === "flows") return await context.print(await call(client, savedFlows, { bookmark_id, query_type }));
    const answer = await call(client, insights, { bookmark_id });
    const forms = printsServerText(context)
      ? undefined
      : await ifUnderstood(context, () => presentReport(answer.result().series, answer.result().headers));
    await context.print({ text: answer.text, data: answer.data, ...forms });
  },
});
