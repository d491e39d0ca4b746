/** How service accounts are shown. */
import type { z } from "zod";
import type { serviceAccount } from "../../../api/service_accounts.ts";
import type { Presentation } from "../../../cli/operation_command.ts";
import type { Row } from "../../../output/row.ts";

/** The published names of the fields, also of an account in the reference's words. */
export function rowOfAccount(account: z.output<typeof serviceAccount>): Row {
  return {
    id: account.id,
    username: account.username ?? account.name,
    created: account.created ?? account.created_at,
    expires: account.expires,
    last_used: account.last_used,
    ...(Array.isArray(account.projects) ? { projects: account.projects.map(String).join(" ") } : {}),
  };
}

export const ACCOUNT_COLUMNS = [{ key: "id", identifier: true }, "username", "created", "expires", "last_used"];

/** Accounts as rows, with the column of projects where the server tells of them. */
export function presentAccounts(accounts: readonly z.output<typeof serviceAccount>[]): Presentation {
  const rows = accounts.map(rowOfAccount);
  return { rows, columns: rows.some((row) => "projects" in row) ? [...ACCOUNT_COLUMNS, "projects"] : ACCOUNT_COLUMNS };
}
