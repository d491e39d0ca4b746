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
    {
      text: "One that begins with a text",
      run:
        `mp boards create Notes --rows '[{"contents": [{"content_type": "text", "content_params": {"markdown": "<h2>Hello</h2>"}}]}]'`,
    },
  ],
  present: (board) => presentBoards([board]),
  done: ({ id, title }) => `Made board ${id}, ${JSON.stringify(title)}`,
});
