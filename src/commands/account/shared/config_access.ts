/** The config file as commands see it: found by the environment, and left alone with `--dry-run`. */
import { inputError } from "../../../errors.ts";
import { removeFile } from "../../../runtime/files/files.ts";
import type { Context } from "../../../cli/context.ts";
import { damagedLock } from "../../../runtime/files/private_files.ts";
import { SANDBOX_ACCOUNT } from "../../../settings/running_sandbox.ts";
import { nearest } from "../../../streams/nearest.ts";
import type { Account } from "../../../settings/account.ts";
import { type Config, type ConfigChange, readConfig, updateConfig } from "../../../settings/file.ts";
import { configPath, sessionPath } from "../../../settings/paths.ts";

export function openConfig(context: Context): Promise<Config> {
  return readConfig(configPath(context.env));
}

/**
 * Changes the config file, as `updateConfig` does, and says so; with `--dry-run` the change is decided and not made.
 *
 * @param done What was changed, once it is; a sentence without a final period.
 */
export async function changeConfig(
  context: Context,
  done: string,
  decide: (config: Config) => ConfigChange,
): Promise<void> {
  const path = configPath(context.env);
  if (context.globals.dryRun) {
    decide(await readConfig(path));
    return await context.note(`${path} was not changed (--dry-run)`);
  }
  await updateConfig(path, decide, (lock) => void context.note(damagedLock(lock)));
  await context.note(done);
}

/** Forgets the tokens of an account's login in the browser, if there are any. */
export async function removeSession(context: Context, name: string): Promise<void> {
  if (context.globals.dryRun) return;
  const path = sessionPath(context.env, name);
  for (const file of [path, `${path}.lock`]) await removeFile(file);
}

/** The name that was typed, else that of `--account`, else the active account's. Throws an input error without any. */
export function accountName(context: Context, config: Config, typed: string | undefined): string {
  const name = typed ?? context.globals.account ?? config.active;
  if (name !== undefined) return name;
  throw inputError(
    "Cannot tell which account is meant: none is active",
    config.names.length === 0 ? "add one with 'mp login'" : `name one of: ${config.names.join(", ")}`,
    "no_account",
  );
}

/** Throws an input error, with the nearest name there is, unless the account exists. */
export function requireName(config: Config, name: string, action: string): void {
  if (config.names.includes(name)) return;
  const near = nearest(name, config.names);
  const known = name === SANDBOX_ACCOUNT
    ? "it belongs to 'mp sandbox', and cannot be changed; 'mp login' adds one of your own"
    : config.names.length === 0
    ? "there are none yet: add one with 'mp login'"
    : `accounts: ${config.names.join(", ")}`;
  throw inputError(
    `Cannot ${action} account ${JSON.stringify(name)}: no such account`,
    near === undefined ? known : `did you mean '${near}'?`,
    "unknown_account",
  );
}

/** An account that exists and can be read. */
export function requireAccount(config: Config, name: string, action: string): Account {
  requireName(config, name, action);
  return config.account(name)!;
}
