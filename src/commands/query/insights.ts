import { insights } from "../../api/insights.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { nothingCounted } from "../../cli/nothing_counted.ts";
import { countsNothing, presentReport } from "./shared/report_shapes.ts";

export default operationCommand(insights, {
  description:
    `Prints the numbers of a report that was saved in Mixpanel: of insights, of a funnel, or of retention. Its id is in
the address of the report, after 'report-'.`,
  args: ["bookmark_id"],
  examples: [
    { text: "A saved report as it stands", run: "mp query insights 9001" },
    { text: "One with a breakdown, as CSV", run: "mp query insights 9002 -f csv" },
    { text: "One of retention", run: "mp query insights 9004 -f table" },
  ],
  remark: ({ series }, _input, context) => countsNothing(series) ? nothingCounted(context, []) : undefined,
  present: ({ series, headers }) => presentReport(series, headers),
});
