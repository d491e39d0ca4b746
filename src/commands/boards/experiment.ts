import { experimentResults } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(experimentResults, {
  args: ["dashboard_id"],
  examples: [{ text: "Results, as Mixpanel has them", run: "mp boards experiment 9501" }],
});
