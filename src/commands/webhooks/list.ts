import { listWebhooks } from "../../api/webhooks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentWebhooks } from "./shared/present.ts";

export default operationCommand(listWebhooks, {
  examples: [
    { text: "All webhooks", run: "mp webhooks list" },
    { text: "Those that are off", run: "mp webhooks list --jq '.results[] | select(.is_enabled | not) | .name'" },
  ],
  present: presentWebhooks,
});
