import { listProjectServiceAccounts } from "../../api/service_accounts.ts";
import { operationCommand } from "../../cli/operation_command.ts";
import { ACCOUNT_COLUMNS, rowOfAccount } from "./shared/present.ts";

export default operationCommand(listProjectServiceAccounts, {
  examples: [{ text: "Who is in the project, and as what", run: "mp service-accounts members" }],
  present: (accounts) => ({
    rows: accounts.map((account) => ({ ...rowOfAccount(account), role: account.role })),
    columns: [...ACCOUNT_COLUMNS.slice(0, 2), "role", ...ACCOUNT_COLUMNS.slice(2)],
  }),
});
