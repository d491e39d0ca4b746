import { getServiceAccount } from "../../api/service_accounts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAccounts } from "./shared/present.ts";

export default operationCommand(getServiceAccount, {
  args: ["service_account_id"],
  examples: [{ text: "When was it last used?", run: "mp service-accounts get 1 --jq .last_used" }],
  present: (account) => presentAccounts([account]),
});
