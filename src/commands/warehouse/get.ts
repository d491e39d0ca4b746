import { getImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(getImport, {
  args: ["import_id"],
  examples: [{ text: "Which columns become what", run: "mp warehouse get 1001" }],
});
