import { listImports } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentImports } from "./shared/presentation.ts";

export default operationCommand(listImports, {
  examples: [
    { text: "What is imported, and how often", run: "mp warehouse list" },
    { text: "The ids of those that are paused", run: "mp warehouse list --jq '.results[] | select(.paused) | .id'" },
  ],
  present: presentImports,
});
