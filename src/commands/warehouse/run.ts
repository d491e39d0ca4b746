import { runImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(runImport, {
  args: ["import_id"],
  examples: [{ text: "Now, instead of at the next hour", run: "mp warehouse run 1001" }],
  present: ({ run_id }) => ({ rows: [{ run_id }], columns: [{ key: "run_id", identifier: true }] }),
});
