import { finishTemplate } from "../../../api/dashboard_templates.ts";
import { operationCommand } from "../../../cli/operation_command.ts";

export default operationCommand(finishTemplate, {
  args: ["dashboard_id"],
  examples: [
    {
      text: "Another text on a board",
      run:
        `mp boards templates finish 9501 --cards '[{"type": "text", "text_card_id": 9601, "markdown": "<p>Done</p>"}]'`,
    },
  ],
  done: (_result, { dashboard_id }) => `Finished board ${dashboard_id}`,
});
