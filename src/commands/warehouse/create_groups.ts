import { createGroupImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentImport, SCHEDULE_HELP } from "./shared/presentation.ts";

export default operationCommand(createGroupImport, {
  description: SCHEDULE_HELP,
  omit: ["import_type"],
  examples: [{
    text: "Companies, when you say so",
    run:
      `mp warehouse create-groups --source 1 --table '{"dataset": "shop", "table": "companies"}' --group-key company --group-column company_id --sync-mode full_sync --run-every manual`,
  }],
  present: presentImport,
});
