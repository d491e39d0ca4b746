import { getAlert } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAlerts } from "./shared/present.ts";

export default operationCommand(getAlert, {
  description: "Mixpanel may answer with no more than its id and name; 'mp alerts list' shows all fields.",
  args: ["alert_id"],
  examples: [{ text: "One alert", run: "mp alerts get 7101" }],
  present: (alert) => presentAlerts([alert]),
});
