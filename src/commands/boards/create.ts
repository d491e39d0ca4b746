import { createDashboard } from "../../api/dashboards.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentBoards } from "./shared/present.ts";

export default operationCommand(createDashboard, {
  description:
    `The team does not see a new board before it is pinned: 'mp boards pin'. With --rows it is made with its contents, 1
to 4 in a row; 'mp boards apply' does that from a file.`,
  args: ["title"],
  omit: ["duplicate", "target_project_id"],
  examples: [
    { text: "An empty board", run: "mp boards create 'Weekly numbers' --description 'For Monday'" },
    { text: "One that is nested in another", run: "mp boards create Details --parent 9501" },
  ],
  present: (board) => presentBoards([board]),
  done: ({ id, title }) => `Made board ${id}, ${JSON.stringify(title)}`,
});
