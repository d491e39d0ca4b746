import { listDeletionRequests } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentDeletions } from "../shared/present_deletions.ts";

export default operationCommand(listDeletionRequests, {
  examples: [{ text: "How far they are", run: "mp lexicon deletions list" }],
  present: presentDeletions,
});
