import { createEventImport } from "../../api/warehouse.ts";
import { importCommand } from "./shared/presentation.ts";

export default importCommand(createEventImport, {
  text: "Orders of a BigQuery table, every hour",
  run:
    `mp warehouse create-events --warehouse-source 1 --table-params '{"dataset": "shop", "table": "orders"}' --event-name Order --time-column ordered_at --user-column customer_id --sync-mode mirror_mode --run-every 1h`,
});
