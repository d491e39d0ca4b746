import { insights } from "../../../api/insights.ts";
import { nothingCounted } from "../../../cli/nothing_counted.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { countsNothing, presentReport } from "./report_shapes.ts";

/** A report that somebody has saved, by its id. */
export const savedReport = operationCommand(insights, {
  args: ["bookmark_id"],
  examples: [],
  remark: ({ series }, _input, context) => countsNothing(series) ? nothingCounted(context, []) : undefined,
  present: ({ series, headers }) => presentReport(series, headers),
});
