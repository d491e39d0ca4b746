import { listExperimentResults } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(listExperimentResults, {
  description: "As Mixpanel answers them: what is in them is not known.",
  examples: [{ text: "All of them", run: "mp experiments erf" }],
});
