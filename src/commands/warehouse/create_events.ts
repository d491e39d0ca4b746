import { createEventImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentImport, SCHEDULE_HELP } from "./shared/presentation.ts";

export default operationCommand(createEventImport, {
  description: SCHEDULE_HELP,
  omit: ["import_type"],
  examples: [{
    text: "Orders of a BigQuery table, every hour",
    run:
      `mp warehouse create-events --source 1 --table '{"dataset": "shop", "table": "orders"}' --event-name Order --time-column ordered_at --user-column customer_id --sync-mode mirror_mode --run-every 1h`,
  }],
  present: presentImport,
});
