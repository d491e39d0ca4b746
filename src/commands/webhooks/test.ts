import { testWebhook } from "../../api/webhooks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { PASSWORD_HELP, signIn } from "./shared/sign_in.ts";

export default operationCommand(testWebhook, {
  description: `Mixpanel's servers call it, not this machine. ${PASSWORD_HELP}`,
  args: ["url"],
  examples: [{ text: "Whether it answers", run: "mp webhooks test https://pager.example.com/mixpanel" }],
  prepare: (input) => Promise.resolve(signIn(input)),
  present: ({ success, status_code, message }) => ({ rows: [{ success, status_code, message }] }),
});
