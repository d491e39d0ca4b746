import { listFlags } from "../../api/feature_flags.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentFlags } from "./shared/present.ts";

export default operationCommand(listFlags, {
  examples: [
    { text: "All that are not archived", run: "mp flags list" },
    { text: "Keys of those that are on", run: `mp flags list --jq '.results[] | select(.status == "enabled") | .key'` },
  ],
  present: presentFlags,
});
