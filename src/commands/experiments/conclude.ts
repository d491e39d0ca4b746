import { concludeExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { becameOf, presentExperiments } from "./shared/present.ts";

export default operationCommand(concludeExperiment, {
  description: "Its numbers stay as they are from here on; 'mp experiments decide' says what they mean.",
  args: ["experiment_id"],
  examples: [{
    text: "Stop it before its time, without being asked",
    run: "mp experiments conclude e0000000-0000-4000-8000-000000000003 --yes",
  }],
  confirm: ({ experiment_id }) => `Stop experiment ${experiment_id}? It cannot be started again.`,
  present: (experiment) => presentExperiments([experiment]),
  done: becameOf,
});
