import { updateExperiment } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(updateExperiment, {
  description: "What is not named stays as it is.",
  args: ["experiment_id"],
  examples: [{
    text: "Another description",
    run: "mp experiments update e0000000-0000-4000-8000-000000000002 --description 'Second try' --tag price",
  }],
  prepare({ experiment_id, ...changes }) {
    if (Object.values(changes).some((value) => value !== undefined)) return Promise.resolve({});
    throw inputError(
      `Cannot update experiment ${experiment_id}: nothing to change is given`,
      "add --name, --description, --hypothesis, --tag or --data; see 'mp experiments update --help'",
      "missing_argument",
    );
  },
  present: (experiment) => presentExperiments([experiment]),
});
