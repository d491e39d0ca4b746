import { archiveExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(archiveExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "Out of the list", run: "mp experiments archive e0000000-0000-4000-8000-000000000006" }],
  done: (_result, { experiment_id }) =>
    `Archived ${experiment_id}; 'mp experiments unarchive ${experiment_id}' brings it back`,
});
