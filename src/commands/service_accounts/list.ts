import { listServiceAccounts } from "../../api/service_accounts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { presentAccounts } from "./shared/present.ts";

export default operationCommand(listServiceAccounts, {
  examples: [
    { text: "All of the organization's", run: "mp service-accounts list" },
    { text: "Those that end some day", run: "mp service-accounts list --jq '.results[] | select(.expires)'" },
  ],
  present: presentAccounts,
});
