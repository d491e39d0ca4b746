import { createAlert } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { BODY_HELP, ONLY_IN_DATA, requireData } from "./shared/body.ts";
import { presentAlerts } from "./shared/present.ts";

export default operationCommand(createAlert, {
  description: `On a saved insights or funnels report. ${BODY_HELP}`,
  args: ["name"],
  examples: [{
    text: "From a file with condition and subscriptions",
    run: "mp alerts create 'Few sign-ups' --report-id 9001 --frequency day --data @alert.json",
  }],
  omit: ONLY_IN_DATA,
  prepare(input) {
    requireData("create an alert", input);
    return Promise.resolve({});
  },
  present: (alert) => presentAlerts([alert]),
  done: ({ id }, { name }) => `Made alert ${id}, ${JSON.stringify(name)}`,
});
