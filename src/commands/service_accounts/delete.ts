import { deleteServiceAccount } from "../../api/service_accounts.ts";
import { operationCommand } from "../../cli/operation_command.ts";

export default operationCommand(deleteServiceAccount, {
  description: "It leaves all projects, and whatever uses its secret stops working.",
  args: ["service_account_id"],
  examples: [{ text: "Without being asked", run: "mp service-accounts delete 3 --yes" }],
  confirm: ({ service_account_id }) =>
    `Delete service account ${service_account_id}? Whatever uses its secret stops working.`,
  done: (_result, { service_account_id }) => `Deleted service account ${service_account_id}`,
});
