/** An account: a name for a set of credentials and what goes with them. It is one table of the config file. */
import { inputError } from "../errors.ts";
import type { Region } from "../client/types.ts";
import type { ExposedFile, SecretSource } from "./secret.ts";
import { checkBaseUrl, checkId, checkRegion } from "./values.ts";

export interface Account {
  name: string;
  region?: Region;
  baseUrl?: string;
  projectId?: string;
  workspaceId?: string;
  /** User name of a service account; goes with `secret`. */
  username?: string;
  secret?: SecretSource;
  oauthToken?: SecretSource;
  /** The file with the tokens of a login made in the browser. */
  sessionFile?: string;
  /** Goes with `clientSecret`. */
  clientId?: string;
  clientSecret?: SecretSource;
  projectSecret?: SecretSource;
  projectToken?: SecretSource;
}

/** A table of a TOML document. */
export type Table = Record<string, unknown>;

const PLAIN_KEYS = {
  region: "region",
  baseUrl: "base_url",
  projectId: "project_id",
  workspaceId: "workspace_id",
  username: "username",
  clientId: "client_id",
  sessionFile: "session_file",
} as const;

const SECRET_KEYS = {
  secret: "secret",
  oauthToken: "oauth_token",
  clientSecret: "client_secret",
  projectSecret: "project_secret",
  projectToken: "project_token",
} as const;

/** Every key of an account's table that `mp` knows; the rest is the user's. */
export const ACCOUNT_KEYS: ReadonlySet<string> = new Set([
  ...Object.values(PLAIN_KEYS),
  ...Object.values(SECRET_KEYS).flatMap((key) => [key, `${key}_env`, `${key}_command`]),
]);

/** A name that needs no quotes in a shell. Throws an input error for another. */
export function checkAccountName(name: string): string {
  if (/^[A-Za-z0-9][\w.@-]{0,63}$/.test(name)) return name;
  throw inputError(
    `Cannot use the account name ${JSON.stringify(name)}: only letters, digits and . _ - @ are allowed`,
    "for example 'production'",
    "bad_account_name",
  );
}

/**
 * Reads an account's table.
 *
 * @throws MpError (input) that names the key, and never repeats a value that could be a secret.
 */
export function readAccount(name: string, table: Table): Account {
  const account: Account = { name };
  const text = (key: string) => readText(name, table, key);
  const origin = (key: string) => `accounts.${name}.${key}`;
  const region = text(PLAIN_KEYS.region);
  if (region !== undefined) account.region = checkRegion(region, origin(PLAIN_KEYS.region));
  const baseUrl = text(PLAIN_KEYS.baseUrl);
  if (baseUrl !== undefined) account.baseUrl = checkBaseUrl(baseUrl, origin(PLAIN_KEYS.baseUrl));
  for (const field of ["projectId", "workspaceId"] as const) {
    const id = text(PLAIN_KEYS[field]);
    if (id !== undefined) account[field] = checkId(id, origin(PLAIN_KEYS[field]));
  }
  account.username = text(PLAIN_KEYS.username);
  account.clientId = text(PLAIN_KEYS.clientId);
  account.sessionFile = text(PLAIN_KEYS.sessionFile);
  for (const field of Object.keys(SECRET_KEYS) as (keyof typeof SECRET_KEYS)[]) {
    account[field] = readSecret(name, table, SECRET_KEYS[field]);
  }
  return account;
}

/** The table of an account; keys without a value are left out. */
export function accountTable(account: Account): Table {
  const table: Table = {};
  for (const [field, key] of Object.entries(PLAIN_KEYS)) {
    const value = account[field as keyof typeof PLAIN_KEYS];
    if (value !== undefined) table[key] = value;
  }
  for (const [field, key] of Object.entries(SECRET_KEYS)) {
    const source = account[field as keyof typeof SECRET_KEYS];
    if (source === undefined) continue;
    if (source.kind === "value") table[key] = source.value;
    else if (source.kind === "env") table[`${key}_env`] = source.variable;
    else if (source.kind === "command") table[`${key}_command`] = source.command;
  }
  return table;
}

/** The file in which others can read a secret of the account; undefined when there is none. */
export function exposedIn(account: Account | undefined): ExposedFile | undefined {
  const secrets = [account?.secret, account?.oauthToken, account?.clientSecret, account?.projectSecret];
  return secrets.map((one) => one?.kind === "value" ? one.exposed : undefined).find((file) => file !== undefined);
}

/** The kinds of credential that an account holds, in words. */
export function credentialKinds(account: Account): string[] {
  const kinds: [boolean, string][] = [
    [account.username !== undefined || account.secret !== undefined, "service account"],
    [account.oauthToken !== undefined, "OAuth token"],
    [account.sessionFile !== undefined, "login in the browser"],
    [account.clientId !== undefined || account.clientSecret !== undefined, "OAuth client"],
    [account.projectSecret !== undefined, "project secret"],
    [account.projectToken !== undefined, "project token"],
  ];
  return kinds.filter(([held]) => held).map(([, kind]) => kind);
}

function readSecret(name: string, table: Table, key: string): SecretSource | undefined {
  const value = readText(name, table, key);
  const variable = readText(name, table, `${key}_env`);
  const command = readText(name, table, `${key}_command`);
  const sources: (SecretSource | undefined)[] = [
    value === undefined ? undefined : { kind: "value", value },
    variable === undefined ? undefined : { kind: "env", variable },
    command === undefined ? undefined : { kind: "command", command },
  ];
  const given = sources.filter((one) => one !== undefined);
  if (given.length <= 1) return given[0];
  throw inputError(
    `Cannot use the account '${name}': it has more than one of ${key}, ${key}_env and ${key}_command`,
    "keep one of them in the config file",
    "bad_config",
  );
}

function readText(name: string, table: Table, key: string): string | undefined {
  const value = table[key];
  if (value === undefined) return undefined;
  // Ids are easily written as numbers.
  if (key.endsWith("_id") && (typeof value === "number" || typeof value === "bigint")) return String(value);
  if (typeof value !== "string") {
    throw inputError(`Cannot use the account '${name}': ${key} is not a text`, `write ${key} = "…"`, "bad_config");
  }
  return value.trim() === "" ? undefined : value.trim();
}
