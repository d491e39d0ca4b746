import { getDashboard } from "../../../api/dashboards.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { CONTENT_COLUMNS, contentRows } from "../shared/present.ts";

export default operationCommand(getDashboard, {
  summary: "list what a board shows, row by row",
  args: ["dashboard_id"],
  examples: [{ text: "Reports and texts of a board, with their ids", run: "mp boards contents list 9501 -f table" }],
  present: (board) => ({ rows: contentRows(board), columns: CONTENT_COLUMNS }),
});
