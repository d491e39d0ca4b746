/**
 * Which credentials are at hand. Those that prove who one is come from one place, all of them: a user name from the
 * environment never meets a secret from the config file, and credentials that were set for this shell are never passed
 * over for a kind that the account happens to have. The project token only says where events go, so it counts by itself.
 */
import { MpError } from "../errors.ts";
import type { Account } from "./account.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable, type VariableName } from "./environment.ts";
import type { SelectedAccount } from "./select_account.ts";
import { describeSecret, type SecretSource } from "./secret.ts";
import type { SettingSource } from "./source.ts";

/** A credential that could be used, without its secret. */
export interface HeldCredential {
  kind: "service_account" | "oauth_token" | "oauth_session" | "client_credentials" | "project_secret" | "project_token";
  /** The public half of a pair: the user name, or the client's id. */
  user?: string;
  secret: SecretSource;
  source: SettingSource;
  /** Whose it is, for messages: `account 'production'`. */
  owner: string;
}

/** The project tokens that there are, the one to use first. */
export function findTokens(env: Environment, selected: SelectedAccount | undefined): HeldCredential[] {
  const ofAccount = selected === undefined ? [] : accountCredentials(selected.account);
  const ofEnvironment = environmentSecret(env, "project_token", "MP_TOKEN");
  const byFlag = selected?.source.kind === "flag";
  return (byFlag ? [...ofAccount, ...ofEnvironment] : [...ofEnvironment, ...ofAccount])
    .filter((one) => !provesIdentity(one));
}

/**
 * What there is to prove who asks.
 *
 * @throws MpError (auth) when half a pair is set where a whole one would be used.
 */
export function findIdentity(env: Environment, selected: SelectedAccount | undefined): HeldCredential[] {
  const ofAccount = selected === undefined ? [] : accountCredentials(selected.account).filter(provesIdentity);
  const named = selected?.source.kind === "flag" && holdsIdentity(selected.account);
  const ofEnvironment = named ? [] : environmentIdentity(env, selected?.account);
  if (ofEnvironment.length > 0) return ofEnvironment;
  if (selected !== undefined) requirePairs(selected.account);
  return ofAccount;
}

function provesIdentity(credential: HeldCredential): boolean {
  return credential.kind !== "project_token";
}

function environmentIdentity(env: Environment, account: Account | undefined): HeldCredential[] {
  return [
    ...environmentPair(env, account, "service_account", "MP_USERNAME", "MP_SECRET"),
    ...environmentSecret(env, "oauth_token", "MP_OAUTH_TOKEN"),
    ...environmentPair(env, account, "client_credentials", "MP_CLIENT_ID", "MP_CLIENT_SECRET"),
    ...environmentSecret(env, "project_secret", "MP_API_SECRET"),
  ];
}

/** Whether the environment has anything whole that proves who one is, besides what the account keeps in it. */
export function environmentHoldsIdentity(env: Environment, account: Account | undefined): boolean {
  const lent = account === undefined ? [] : secretSources(account);
  const isSet = (name: VariableName) =>
    readVariable(env, name) !== undefined && !lent.some((one) => one?.kind === "env" && one.variable === name);
  return [["MP_USERNAME", "MP_SECRET"], ["MP_OAUTH_TOKEN"], ["MP_CLIENT_ID", "MP_CLIENT_SECRET"], ["MP_API_SECRET"]]
    .some((names) => names.every((name) => isSet(name as VariableName)));
}

function environmentSecret(env: Environment, kind: HeldCredential["kind"], variable: VariableName): HeldCredential[] {
  if (readVariable(env, variable) === undefined) return [];
  return [{
    kind,
    secret: { kind: "env", variable },
    source: { kind: "environment", name: variable },
    owner: "the environment",
  }];
}

function environmentPair(
  env: Environment,
  account: Account | undefined,
  kind: HeldCredential["kind"],
  userVariable: VariableName,
  secretVariable: VariableName,
): HeldCredential[] {
  const user = readVariable(env, userVariable);
  const secret = environmentSecret(env, kind, secretVariable);
  if (user !== undefined && secret[0] !== undefined) {
    return [{ ...secret[0], user, source: { kind: "environment", name: `${userVariable}, ${secretVariable}` } }];
  }
  // An account may keep its secret in the very variable that is otherwise half of a pair.
  const lent = account !== undefined &&
    secretSources(account).some((one) => one?.kind === "env" && one.variable === secretVariable);
  if (user === undefined && (secret.length === 0 || lent)) return [];
  const [set, unset] = user === undefined ? [secretVariable, userVariable] : [userVariable, secretVariable];
  throw new MpError(`Cannot use ${set} without ${unset}: the environment holds one of the two`, {
    category: "auth",
    code: "incomplete_credentials",
    hint: account === undefined
      ? `set ${unset} too`
      : `set ${unset} too, or unset ${set} to use the account '${account.name}'; the two are never mixed`,
  });
}

/** Every credential of an account whose secret it says where to find. */
export function accountCredentials(account: Account): HeldCredential[] {
  const common = {
    source: { kind: "account", name: account.name } as SettingSource,
    owner: `account '${account.name}'`,
  };
  const held: HeldCredential[] = [];
  const add = (kind: HeldCredential["kind"], secret: SecretSource | undefined, user?: string) => {
    if (secret !== undefined) held.push({ kind, secret, user, ...common });
  };
  add("service_account", account.secret, account.username);
  add("oauth_token", account.oauthToken);
  const { sessionFile } = account;
  add("oauth_session", sessionFile === undefined ? undefined : { kind: "session", path: sessionFile });
  add("client_credentials", account.clientSecret, account.clientId);
  add("project_secret", account.projectSecret);
  add("project_token", account.projectToken);
  return held;
}

/** Whether an account has any credentials, or half a pair of them. */
export function holdsCredentials(account: Account): boolean {
  return account.projectToken !== undefined || holdsIdentity(account);
}

/** Whether an account has anything that proves who one is. */
function holdsIdentity(account: Account): boolean {
  const { username, secret, oauthToken, sessionFile, clientId, clientSecret, projectSecret } = account;
  return [username, secret, oauthToken, sessionFile, clientId, clientSecret, projectSecret].some((one) =>
    one !== undefined
  );
}

function requirePairs(account: Account): void {
  requirePair(account, "username", account.username, "secret", account.secret);
  requirePair(account, "client_id", account.clientId, "client_secret", account.clientSecret);
}

function requirePair(
  account: Account,
  userKey: string,
  user: string | undefined,
  secretKey: string,
  secret: SecretSource | undefined,
): void {
  if ((user === undefined) === (secret === undefined)) return;
  const [set, unset] = user === undefined ? [secretKey, userKey] : [userKey, secretKey];
  throw new MpError(`Cannot use the account '${account.name}': it has ${set} but no ${unset}`, {
    category: "auth",
    code: "incomplete_credentials",
    hint: `add ${unset} to it in the config file, or log in again with 'mp login ${account.name}'`,
  });
}

function secretSources(account: Account): (SecretSource | undefined)[] {
  const { secret, oauthToken, clientSecret, projectSecret, projectToken } = account;
  return [secret, oauthToken, clientSecret, projectSecret, projectToken];
}

/** A credential in words, without its secret: for `whoami`. */
export function describeCredential(held: HeldCredential): string {
  const secret = held.source.kind === "environment" ? "hidden" : describeSecret(held.secret);
  return held.user === undefined ? secret : `${held.user} (secret: ${secret})`;
}
