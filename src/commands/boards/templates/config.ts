import { boardTemplateConfig } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(boardTemplateConfig, {
  args: ["dashboard_id"],
  examples: [{ text: "What a template asks for", run: "mp boards templates config 9502" }],
});
