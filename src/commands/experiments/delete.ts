import { deleteExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "Without being asked", run: "mp experiments delete e0000000-0000-4000-8000-000000000008 --yes" }],
  confirm: ({ experiment_id }) => `Delete experiment ${experiment_id}? 'mp experiments archive' would keep it.`,
  done: (_result, { experiment_id }) => `Deleted experiment ${experiment_id}`,
});
