import { listDashboards } from "../../api/dashboards.ts";
import { keepListed } from "../../cli/live_values.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { boardItems, presentBoards } from "./shared/present.ts";

export default operationCommand(listDashboards, {
  examples: [{ text: "All boards that you can see", run: "mp boards list" }],
  present: presentBoards,
  async keep(boards, { ids }, context) {
    if (ids === undefined) await keepListed({ kind: "boards" }, context, boardItems(boards));
  },
});
