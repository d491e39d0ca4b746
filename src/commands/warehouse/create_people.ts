import { createPeopleImport } from "../../api/warehouse.ts";
import { importCommand } from "./shared/presentation.ts";

export default importCommand(createPeopleImport, {
  text: "Users, every day",
  run:
    `mp warehouse create-people --warehouse-source 1 --table-params '{"dataset": "shop", "table": "customers"}' --user-column customer_id --sync-mode full_sync --run-every 1d`,
});
