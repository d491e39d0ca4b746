import { createWebhook } from "../../api/webhooks.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentWebhooks } from "./shared/present.ts";
import { PASSWORD_HELP, signIn } from "./shared/sign_in.ts";

export default operationCommand(createWebhook, {
  description: PASSWORD_HELP,
  args: ["name", "url"],
  examples: [
    { text: "An address that needs no password", run: "mp webhooks create Pager https://pager.example.com/mixpanel" },
    {
      text: "One that needs one",
      run:
        `export MP_WEBHOOK_PASSWORD="$(pass show mixpanel)"; mp webhooks create CRM https://crm.example.com/hook --webhook-username mixpanel`,
    },
  ],
  prepare: (input) => Promise.resolve(signIn(input)),
  present: (webhook) => presentWebhooks([webhook]),
  done: ({ id }, { name }) => `Made webhook ${id}, ${JSON.stringify(name)}`,
});
