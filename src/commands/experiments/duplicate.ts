import { duplicateExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(duplicateExperiment, {
  args: ["experiment_id"],
  examples: [{
    text: "Under a name of its own",
    run: "mp experiments duplicate e0000000-0000-4000-8000-000000000001 --name 'New checkout, second try'",
  }],
  present: (experiment) => presentExperiments([experiment]),
  done: ({ id, name }) => `Drafted ${name ?? "a copy"}: ${id}`,
});
