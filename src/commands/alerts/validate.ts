import { validateAlerts } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(validateAlerts, {
  description: "Nothing is changed: the report's parameters are given as they would be.",
  args: ["alert_ids"],
  examples: [{
    text: "Before a report is changed",
    run: `mp alerts validate 7101 --report-type insights --report-params '{"sections": {"show": []}}'`,
  }],
  present: ({ alert_validations }) => ({
    rows: alert_validations.map(({ alert_id, alert_name, valid, reason }) => ({
      id: alert_id,
      name: alert_name,
      valid,
      reason,
    })),
    columns: [{ key: "id", identifier: true }, "name", "valid", "reason"],
  }),
});
