import { pinDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(pinDashboard, {
  description: "A new board is not seen by the team before that.",
  args: ["dashboard_id"],
  examples: [{ text: "So that the team sees it", run: "mp boards pin 9502" }],
  done: (_result, { dashboard_id }) => `Pinned board ${dashboard_id}`,
});
