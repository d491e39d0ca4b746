import { createLookupImport } from "../../api/warehouse.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentImport, SCHEDULE_HELP } from "./shared/presentation.ts";

export default operationCommand(createLookupImport, {
  description: SCHEDULE_HELP,
  omit: ["import_type"],
  examples: [{
    text: "What is behind a product number",
    run:
      `mp warehouse create-lookup-table --source 1 --table '{"dataset": "shop", "table": "products"}' --property '{"value": "sku", "resourceType": "event"}' --key-column sku --sync-mode full_sync --run-every 7d`,
  }],
  present: presentImport,
});
