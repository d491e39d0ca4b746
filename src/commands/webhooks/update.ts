import { updateWebhook } from "../../api/webhooks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { inputError } from "../../errors.ts";
import { presentWebhooks } from "./shared/present.ts";
import { PASSWORD_HELP, signIn } from "./shared/sign_in.ts";

export default operationCommand(updateWebhook, {
  description: `What is not named stays as it is. ${PASSWORD_HELP}`,
  args: ["webhook_id"],
  examples: [
    { text: "Switch it off", run: "mp webhooks update a0000000-0000-4000-8000-000000000001 --no-enabled" },
    {
      text: "Another address",
      run: "mp webhooks update a0000000-0000-4000-8000-000000000001 --url https://pager.example.com/v2",
    },
  ],
  prepare({ webhook_id, ...changes }) {
    if (Object.values(changes).some((value) => value !== undefined)) return Promise.resolve(signIn(changes));
    throw inputError(
      `Cannot update webhook ${webhook_id}: nothing to change is given`,
      "add --url, --name, --enabled or --no-enabled; see 'mp webhooks update --help'",
      "missing_argument",
    );
  },
  present: (webhook) => presentWebhooks([webhook]),
  done: (_result, { webhook_id }) => `Changed webhook ${webhook_id}`,
});
