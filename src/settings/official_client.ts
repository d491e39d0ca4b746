/**
 * Reads the config file of Mixpanel's own Python client (`~/.mp/config.toml`).
 *
 * It has had three layouts, all public in that client's repository (mixpanel/mixpanel-headless, and mixpanel_data
 * before it): accounts with `project_id` and a top-level `default`; credentials apart from projects
 * (`config_version = 2`); and accounts with a `type` and `default_project`.
 */
import { type Account, readAccount, type Table } from "./account.ts";
import { isTable } from "./edit.ts";

export interface OfficialAccounts {
  accounts: Map<string, Account>;
  /** The account that the Python client uses by default. */
  active?: string;
  /** Accounts that hold nothing to import, and why. */
  skipped: { name: string; reason: string }[];
}

/** Whether a document has one of the layouts; none of their marks is in a file of `mp`'s own. */
export function isOfficialLayout(document: Table): boolean {
  return typeof document.default === "string" || "config_version" in document || isTable(document.credentials) ||
    tablesOf(document.accounts).some(([, table]) => "type" in table || "default_project" in table);
}

/** The accounts of a document in any of the layouts. Throws an input error for a table that can't be read. */
export function readOfficialLayout(document: Table): OfficialAccounts {
  const active = isTable(document.active) ? document.active : {};
  const found: OfficialAccounts = { accounts: new Map(), skipped: [] };
  for (const [name, table] of [...tablesOf(document.accounts), ...tablesOf(document.credentials)]) {
    const account = readAccount(name, ownTable(table));
    if (account.secret === undefined && account.oauthToken === undefined) {
      const reason = String(table.type ?? "").startsWith("oauth")
        ? "its browser login is kept elsewhere; log in again with 'mp login'"
        : "it holds no secret";
      found.skipped.push({ name, reason });
    } else found.accounts.set(name, account);
  }
  const chosen = active.account ?? active.credential ?? document.default;
  if (typeof chosen === "string" && found.accounts.has(chosen)) {
    found.active = chosen;
    const account = found.accounts.get(chosen)!;
    account.projectId ??= idOf(active.project_id);
    account.workspaceId ??= idOf(active.workspace ?? active.workspace_id);
  }
  return found;
}

/** An account's table with the Python client's keys replaced by `mp`'s. */
function ownTable(table: Table): Table {
  const { default_project, token, token_env, ...rest } = table;
  return {
    ...rest,
    ...(default_project === undefined ? {} : { project_id: default_project }),
    // Its token is a bearer token; a project token has no place in that file.
    ...(token === undefined ? {} : { oauth_token: token }),
    ...(token_env === undefined ? {} : { oauth_token_env: token_env }),
  };
}

function tablesOf(value: unknown): [string, Table][] {
  return isTable(value) ? Object.entries(value).filter((entry): entry is [string, Table] => isTable(entry[1])) : [];
}

function idOf(value: unknown): string | undefined {
  const text = typeof value === "number" || typeof value === "bigint" ? String(value) : value;
  return typeof text === "string" && /^\d+$/.test(text) ? text : undefined;
}
