import { deleteDashboard, deleteDashboards } from "../../api/dashboards.ts";
import { deleteCommand } from "../../cli/delete_command.ts";

export default deleteCommand({
  one: deleteDashboard,
  many: deleteDashboards,
  id: "dashboard_id",
  ids: "dashboard_ids",
  noun: "board",
  description: "The reports that a board owns go with it. 'mp boards export' keeps all of it in a file.",
  examples: [{ text: "One, without being asked", run: "mp boards delete 9501 --yes" }],
});
