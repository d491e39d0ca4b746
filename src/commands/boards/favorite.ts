import { favoriteDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(favoriteDashboard, {
  args: ["dashboard_id"],
  examples: [{ text: "Keep it at hand", run: "mp boards favorite 9502" }],
  done: (_result, { dashboard_id }) => `Board is among your favorites: ${dashboard_id}`,
});
