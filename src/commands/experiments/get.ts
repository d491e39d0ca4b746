import { getExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(getExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "One experiment", run: "mp experiments get e0000000-0000-4000-8000-000000000001" }],
  present: (experiment) => presentExperiments([experiment]),
});
