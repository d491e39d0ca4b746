import { countAlerts } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(countAlerts, {
  examples: [{ text: "Whether there is room for one more", run: "mp alerts count --type anomaly" }],
  present: ({ anomaly_alerts_count, alert_limit, is_below_limit }) => ({
    rows: [{ alerts: anomaly_alerts_count, limit: alert_limit, below_limit: is_below_limit }],
  }),
});
