/** Connections that are tried out: with credentials that are not, or not yet, the ones in use. */
import type { Client, Connection } from "../../../client/types.ts";
import type { Context } from "../../../cli/context.ts";
import { runShell } from "../../../runtime/shell.ts";
import type { Environment } from "../../../runtime/process.ts";
import { readConfig } from "../../../settings/file.ts";
import { configPath } from "../../../settings/paths.ts";
import { type ResolvedSettings, resolveSettings } from "../../../settings/resolve.ts";

/** Makes a client of a connection; tests put their own in its place. */
export type Connect = (connection: Connection) => Promise<Client>;

/** Clients over the real network. They keep no ledger: `/me` has no quota. */
export function connectOver(context: Context): Connect {
  return async (connection) => (await import("../../../cli/connect.ts")).connect(context, connection);
}

/** The settings with this account in use, whatever the environment's credentials are. */
export function settingsOf(context: Context, name: string): Promise<ResolvedSettings> {
  const { globals, env, signal } = context;
  return resolveSettings({
    flags: { account: name, region: globals.region, timeoutMs: globals.timeoutMs, pacing: globals.pacing },
    env,
    readConfig: () => readConfig(configPath(env)),
    runShell,
    signal,
  });
}

/** The settings without any account and credentials: hosts, proxies and time-outs alone. */
export function settingsWithoutAccount(context: Context): Promise<ResolvedSettings> {
  const { globals, signal } = context;
  const env: Environment = Object.fromEntries(
    Object.entries(context.env).filter(([name]) =>
      !name.startsWith("MP_") || name === "MP_REGION" || name === "MP_API_BASE_URL"
    ),
  );
  const path = configPath(context.env);
  const none = {
    path,
    exists: false,
    names: [],
    account: () => undefined,
    aliases: [],
    alias: () => undefined,
    official: false,
  };
  return resolveSettings({
    flags: { region: globals.region, timeoutMs: globals.timeoutMs, pacing: globals.pacing },
    env,
    readConfig: () => Promise.resolve(none),
    runShell,
    signal,
  });
}
