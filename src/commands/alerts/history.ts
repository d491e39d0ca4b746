import { alertHistory } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(alertHistory, {
  args: ["alert_id"],
  examples: [{ text: "When it fired", run: "mp alerts history 7101" }],
});
