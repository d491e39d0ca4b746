import { unfavoriteDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(unfavoriteDashboard, {
  args: ["dashboard_id"],
  examples: [{ text: "Not needed at hand any more", run: "mp boards unfavorite 9502" }],
  done: (_result, { dashboard_id }) => `Board is no longer among your favorites: ${dashboard_id}`,
});
