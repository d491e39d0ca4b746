import { unpinDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(unpinDashboard, {
  args: ["dashboard_id"],
  examples: [{ text: "No longer for everybody", run: "mp boards unpin 9502" }],
  done: (_result, { dashboard_id }) => `Unpinned board ${dashboard_id}`,
});
