import { testAlert } from "../../api/alerts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { BODY_HELP, ONLY_IN_DATA, requireData } from "./shared/body.ts";

export default operationCommand(testAlert, {
  description: `Mixpanel tells its subscribers at once, whether or not its condition holds. ${BODY_HELP}`,
  args: ["name"],
  examples: [{
    text: "What its subscribers would get",
    run: "mp alerts test 'Few sign-ups' --report-id 9001 --frequency day --data @alert.json",
  }],
  omit: ONLY_IN_DATA,
  prepare(input) {
    requireData("test an alert", input);
    return Promise.resolve({});
  },
  done: (_result, { name }) => `Sent alert ${JSON.stringify(name)} once`,
});
