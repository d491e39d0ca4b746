import { createPeopleImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentImport, SCHEDULE_HELP } from "./shared/presentation.ts";

export default operationCommand(createPeopleImport, {
  description: SCHEDULE_HELP,
  omit: ["import_type"],
  examples: [{
    text: "Users, every day",
    run:
      `mp warehouse create-people --source 1 --table '{"dataset": "shop", "table": "customers"}' --user-column customer_id --sync-mode full_sync --run-every 1d`,
  }],
  present: presentImport,
});
