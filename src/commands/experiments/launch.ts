import { launchExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inWorkspace } from "../../cli/scope.ts";
import { becameOf, presentExperiments } from "./shared/present.ts";

export default operationCommand(launchExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "Start a draft", run: "mp experiments launch e0000000-0000-4000-8000-000000000002" }],
  prepare: inWorkspace,
  present: (experiment) => presentExperiments([experiment]),
  done: becameOf,
});
