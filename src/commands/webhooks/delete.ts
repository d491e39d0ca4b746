import { deleteWebhook } from "../../api/webhooks.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteWebhook, {
  args: ["webhook_id"],
  examples: [{ text: "Without being asked", run: "mp webhooks delete a0000000-0000-4000-8000-000000000002 --yes" }],
  confirm: ({ webhook_id }) =>
    `Delete webhook ${webhook_id}? 'mp webhooks update ${webhook_id} --no-enabled' keeps it.`,
  done: (_result, { webhook_id }) => `Deleted webhook ${webhook_id}`,
});
