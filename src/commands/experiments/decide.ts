import { decideExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { becameOf, presentExperiments } from "./shared/present.ts";

export default operationCommand(decideExperiment, {
  args: ["experiment_id"],
  examples: [
    {
      text: "Ship a variant",
      run:
        "mp experiments decide e0000000-0000-4000-8000-000000000004 --success --variant treatment --message '4% more'",
    },
    { text: "It made no difference", run: "mp experiments decide e0000000-0000-4000-8000-000000000005 --no-success" },
  ],
  present: (experiment) => presentExperiments([experiment]),
  done: becameOf,
});
