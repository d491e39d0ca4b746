import { dropFilterLimits } from "../../../api/data_governance.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(dropFilterLimits, {
  examples: [{ text: "How many there can be", run: "mp lexicon drop-filters limits" }],
});
