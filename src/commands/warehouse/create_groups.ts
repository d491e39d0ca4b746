import { createGroupImport } from "../../api/warehouse.ts";
import { importCommand } from "./shared/presentation.ts";

export default importCommand(createGroupImport, {
  text: "Companies, when you say so",
  run:
    `mp warehouse create-groups --warehouse-source 1 --table-params '{"dataset": "shop", "table": "companies"}' --group-key company --group-column company_id --sync-mode full_sync --run-every manual`,
});
