import { listAlerts } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAlerts } from "./shared/present.ts";

export default operationCommand(listAlerts, {
  description: "Those that others have made, too.",
  examples: [
    { text: "All alerts", run: "mp alerts list" },
    {
      text: "What no flag can give, as a file to start from",
      run: "mp alerts list --jq '.results[0] | {condition, subscriptions}' -o alert.json",
    },
  ],
  omit: ["skip_user_filter"],
  prepare: () => Promise.resolve({ skip_user_filter: true }),
  present: presentAlerts,
});
