import { deleteAlert, deleteAlerts } from "../../api/alerts.ts";
import { deleteCommand } from "../../cli/delete_command.ts";

export default deleteCommand({
  one: deleteAlert,
  many: deleteAlerts,
  id: "alert_id",
  ids: "alert_ids",
  noun: "alert",
  description: "Several go in one request.",
  examples: [
    { text: "One, without being asked", run: "mp alerts delete 7102 --yes" },
    { text: "Several", run: "mp alerts delete 7103 7104 --yes" },
  ],
});
