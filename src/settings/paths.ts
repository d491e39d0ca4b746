/** Where `mp` keeps its files: the XDG base directories, and their counterparts on Windows. */
import { dirname, join, resolve } from "../runtime/files/files.ts";
import { homeFolder, platform } from "../runtime/process.ts";
import type { Environment } from "../runtime/process.ts";
import { readVariable } from "./environment.ts";

/**
 * The file that holds the accounts: `$MP_CONFIG_PATH`, else `config.toml` under `$XDG_CONFIG_HOME/mp` or
 * `~/.config/mp`; under `%APPDATA%\mp` on Windows.
 */
export function configPath(env: Environment, system: string = platform()): string {
  const named = readVariable(env, "MP_CONFIG_PATH");
  if (named !== undefined) return resolve(named);
  const base = baseFolder(env, system, { variable: "XDG_CONFIG_HOME", windows: "APPDATA", home: [".config"] });
  return join(base, "mp", "config.toml");
}

/** The file with the tokens of an account's login in the browser, beside the config file. */
export function sessionPath(env: Environment, account: string): string {
  return join(dirname(configPath(env)), "sessions", `${account}.json`);
}

/** The folder of what `mp` remembers between runs (the ledger of quotas): `$XDG_STATE_HOME/mp` or `~/.local/state/mp`. */
export function stateFolder(env: Environment, system: string = platform()): string {
  const base = baseFolder(env, system, {
    variable: "XDG_STATE_HOME",
    windows: "LOCALAPPDATA",
    home: [".local", "state"],
  });
  return join(base, "mp");
}

/** The config file of Mixpanel's own Python client. */
export function officialConfigPath(env: Environment): string {
  return join(home(env), ".mp", "config.toml");
}

function baseFolder(
  env: Environment,
  system: string,
  names: { variable: "XDG_CONFIG_HOME" | "XDG_STATE_HOME"; windows: "APPDATA" | "LOCALAPPDATA"; home: string[] },
): string {
  const declared = readVariable(env, names.variable);
  // The XDG specification: a relative path is invalid and to be ignored.
  if (declared !== undefined && isAbsolute(declared, system)) return declared;
  const windows = system === "win32" ? readVariable(env, names.windows) : undefined;
  return windows ?? join(home(env), ...names.home);
}

function isAbsolute(path: string, system: string): boolean {
  return path.startsWith("/") || (system === "win32" && /^[A-Za-z]:[\\/]/.test(path));
}

function home(env: Environment): string {
  return readVariable(env, "HOME") ?? homeFolder();
}
