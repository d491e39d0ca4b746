import { cancelDeletionRequest } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentDeletions } from "../shared/present_deletions.ts";

export default operationCommand(cancelDeletionRequest, {
  args: ["id"],
  examples: [{ text: "Keep the events after all", run: "mp lexicon deletions cancel 9501" }],
  present: presentDeletions,
  done: (_result, { id }) => `Cancelled request ${id}`,
});
