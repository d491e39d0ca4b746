import { updateReportLink } from "../../../api/dashboards.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(updateReportLink, {
  args: ["dashboard_id", "content_id"],
  examples: [{ text: "A link of another kind", run: "mp boards links update 9502 9701 --type insights" }],
  done: (_result, { content_id }) => `Changed link ${content_id}`,
});
