import { listExperiments } from "../../api/experiments.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentExperiments } from "./shared/present.ts";

export default operationCommand(listExperiments, {
  examples: [
    { text: "All that are not archived", run: "mp experiments list" },
    {
      text: "Those that are running",
      run: `mp experiments list --jq '.results[] | select(.status == "active") | .name'`,
    },
  ],
  present: presentExperiments,
});
