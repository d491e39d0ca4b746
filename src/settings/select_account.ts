/** Which account of the config file is in use. */
import { MpError } from "../errors.ts";
import type { Account } from "./account.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable } from "./environment.ts";
import type { Config } from "./file.ts";
import { runningSandbox, SANDBOX_ACCOUNT } from "./running_sandbox.ts";
import type { SettingSource } from "./source.ts";

/** The account in use, and how it came to be that one. */
export interface SelectedAccount {
  account: Account;
  source: SettingSource;
}

/**
 * The account that `--account` names, else `MP_ACCOUNT`, else the active one of the config file; undefined for none.
 * `sandbox` is the sandbox that runs on this machine, unless an account has that name.
 *
 * @throws MpError (input) when there is none of that name, or it can't be read.
 */
export async function selectAccount(
  flags: { account?: string },
  env: Environment,
  config: Config,
): Promise<SelectedAccount | undefined> {
  const variable = readVariable(env, "MP_ACCOUNT");
  const [name, source]: [string | undefined, SettingSource] = flags.account !== undefined
    ? [flags.account, { kind: "flag", name: "--account" }]
    : variable !== undefined
    ? [variable, { kind: "environment", name: "MP_ACCOUNT" }]
    : [config.active, { kind: "config" }];
  if (name === undefined) return undefined;
  const account = config.account(name);
  if (account !== undefined) return { account, source };
  if (name === SANDBOX_ACCOUNT) return await selectSandbox(env, source);
  throw unknownAccount(name, source, config);
}

/**
 * The sandbox that runs. Whoever names it means all of it, as with a flag: what the environment says of another project
 * would send requests for the sandbox to Mixpanel.
 */
async function selectSandbox(env: Environment, source: SettingSource): Promise<SelectedAccount> {
  const account = await runningSandbox(env);
  const name = "name" in source ? source.name : "the active account";
  if (account !== undefined) return { account, source: { kind: "flag", name } };
  throw new MpError(`Cannot use ${name} "${SANDBOX_ACCOUNT}": no sandbox is running`, {
    category: "input",
    code: "no_sandbox",
    hint: "start one in another terminal: mp sandbox --demo",
  });
}

/** No account has this name. The names of those that exist are not secret. */
function unknownAccount(name: string, source: SettingSource, config: Config): MpError {
  const origin = source.kind === "config" ? "the active account" : "name" in source ? source.name : "the account";
  const known = config.names.length === 0
    ? "there are none yet: add one with 'mp login'"
    : `accounts: ${config.names.join(", ")}; choose one with 'mp account use NAME'`;
  return new MpError(`Cannot use ${origin} ${JSON.stringify(name)}: no such account`, {
    category: "input",
    code: "unknown_account",
    hint: known,
  });
}
