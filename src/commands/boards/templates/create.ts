import { createFromTemplate } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";
import { presentBoards } from "../shared/present.ts";

export default operationCommand(createFromTemplate, {
  args: ["template_type"],
  examples: [{ text: "A board on growth", run: "mp boards templates create growth" }],
  present: (board) => presentBoards([board]),
  done: ({ id, title }) => `Made board ${id}, ${JSON.stringify(title)}`,
});
