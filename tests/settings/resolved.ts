/** What is resolved from flags, an environment and a config file that are given. */
import { type Account, readAccount, type Table } from "../../src/settings/account.ts";
import type { Config } from "../../src/settings/file.ts";
import { resolveSettings, type SettingsFlags } from "../../src/settings/resolve.ts";
import type { RunShell } from "../../src/settings/secret.ts";

export interface ResolvedSituation {
  flags?: SettingsFlags;
  env?: Record<string, string>;
  accounts: Record<string, Table>;
  active?: string;
  /** Default: no command is run. */
  runShell?: RunShell;
}

const noShell: RunShell = (command) => Promise.reject(new Error(`unexpected command: ${command}`));

export function settingsOf({ flags = {}, env = {}, accounts, active, runShell = noShell }: ResolvedSituation) {
  return resolveSettings({
    flags,
    env: { HOME: "/home/ana", ...env },
    readConfig: () => Promise.resolve(configOf(accounts, active)),
    runShell,
    secretTimeoutMs: 40,
  });
}

function configOf(accounts: Record<string, Table>, active?: string): Config {
  return {
    path: "/home/ana/.config/mp/config.toml",
    exists: true,
    active,
    names: Object.keys(accounts),
    account: (name): Account | undefined => accounts[name] && readAccount(name, accounts[name]),
    aliases: [],
    alias: () => undefined,
    official: false,
  };
}
