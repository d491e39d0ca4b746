import { updateAlert } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { BODY_HELP, ONLY_IN_DATA } from "./shared/body.ts";
import { presentAlerts } from "./shared/present.ts";

export default operationCommand(updateAlert, {
  description: `What is not named stays as it is. ${BODY_HELP}`,
  args: ["alert_id"],
  examples: [
    { text: "Silence it for a while", run: "mp alerts update 7101 --paused" },
    { text: "Once a week", run: "mp alerts update 7101 --frequency week" },
  ],
  omit: ONLY_IN_DATA,
  prepare({ alert_id, ...changes }) {
    if (Object.values(changes).some((value) => value !== undefined)) return Promise.resolve({});
    throw inputError(
      `Cannot update alert ${alert_id}: nothing to change is given`,
      "add --paused, --frequency, --name or --data; see 'mp alerts update --help'",
      "missing_argument",
    );
  },
  present: (alert) => presentAlerts([alert]),
  done: (_result, { alert_id }) => `Changed alert ${alert_id}`,
});
