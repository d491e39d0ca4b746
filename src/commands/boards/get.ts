import { getDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentBoards } from "./shared/present.ts";

export default operationCommand(getDashboard, {
  description: "As JSON it has the layout, and all that the reports ask. 'mp boards contents' shows them as a table.",
  args: ["dashboard_id"],
  examples: [{ text: "One board, with everything on it", run: "mp boards get 9501 -f json" }],
  present: (board) => presentBoards([board]),
});
