import { createLookupImport } from "../../api/warehouse.ts";
import { importCommand } from "./shared/presentation.ts";

export default importCommand(createLookupImport, {
  text: "What is behind a product number",
  run:
    `mp warehouse create-lookup-table --warehouse-source 1 --table-params '{"dataset": "shop", "table": "products"}' --lookup-property '{"value": "sku", "resourceType": "event"}' --key-column sku --sync-mode full_sync --run-every 7d`,
});
