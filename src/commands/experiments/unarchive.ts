import { unarchiveExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(unarchiveExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "Back into the list", run: "mp experiments unarchive e0000000-0000-4000-8000-000000000007" }],
  present: (experiment) => presentExperiments([experiment]),
});
