import { deleteEnforcement } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(deleteEnforcement, {
  examples: [{ text: "Without being asked", run: "mp lexicon enforcement delete --yes" }],
  confirm: () => "Enforce no schemas any more?",
  done: () => "Schemas are not enforced any more",
});
