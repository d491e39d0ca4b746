import { flagLimits } from "../../api/flag_changes.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(flagLimits, {
  examples: [{ text: "Whether there is room for one more", run: "mp flags limits" }],
  present: ({ current_usage, limit, is_trial, contract_status }) => ({
    rows: [{ flags: current_usage, limit, trial: is_trial, contract: contract_status }],
  }),
});
