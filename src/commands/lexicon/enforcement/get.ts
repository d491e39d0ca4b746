import { getEnforcement } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(getEnforcement, {
  examples: [{ text: "The rule and its state", run: "mp lexicon enforcement get --fields ruleEvent,state" }],
});
