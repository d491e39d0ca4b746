import { launchExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { becameOf, presentExperiments } from "./shared/present.ts";

export default operationCommand(launchExperiment, {
  args: ["experiment_id"],
  examples: [{ text: "Start a draft", run: "mp experiments launch e0000000-0000-4000-8000-000000000002" }],
  present: (experiment) => presentExperiments([experiment]),
  done: becameOf,
});
