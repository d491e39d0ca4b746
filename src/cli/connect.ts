/** Makes the client of a command: transport, ledger, traces and notes. */
import { createClient } from "../client/client.ts";
import { openLedger } from "../client/pacing/ledger.ts";
import type { Client, Connection } from "../client/types.ts";
import { join } from "../runtime/files/files.ts";
import { proxyPassword } from "../runtime/network/proxy.ts";
import { cleanForTerminal } from "../output/clean.ts";
import { writeAbove } from "../output/progress/above_progress.ts";
import { VERSION } from "../version.ts";
import type { Context } from "./context.ts";
import { redact, rememberSecret } from "../client/redact.ts";
import { transportOf } from "./transport.ts";

/** A body that sends nothing for so long will not go on. */
const LEAST_IDLE_TIMEOUT_MS = 60_000;

export interface ConnectOptions {
  /** Where the shared ledger is kept; without it no quota is watched. */
  stateFolder?: string;
}

/** A client whose requests end with the command's signal. Its secrets are shown nowhere from here on. */
export function connect(context: Context, connection: Connection, options: ConnectOptions = {}): Client {
  rememberSecrets(connection);
  const { clock, globals, signal } = context;
  // expected: any fault of standard error, since the work goes on when what is said about it cannot be written
  const say = (line: string) => void writeAbove(context.stderr, redact(cleanForTerminal(line)) + "\n").catch(() => {});
  const notice = globals.quiet ? undefined : say;
  const trace = globals.verbose ? say : undefined;
  const client = createClient(connection, {
    // Who allows more time for an answer's beginning allows it for each of its parts.
    transport: transportOf(connection, Math.max(LEAST_IDLE_TIMEOUT_MS, globals.timeoutMs ?? 0)),
    clock,
    userAgent: `mp/${VERSION}`,
    notice,
    trace,
    ledger: options.stateFolder === undefined || !connection.pacing
      ? undefined
      : openLedger({ path: ledgerPath(options.stateFolder), clock, notice, trace }),
  });
  return {
    connection,
    send: (request, own = {}) => client.send(request, { ...own, signal: own.signal ?? signal }),
  };
}

/** The file that all `mp` processes of a user share. */
export function ledgerPath(stateFolder: string): string {
  return join(stateFolder, "limits.sqlite");
}

function rememberSecrets({ credentials, proxy }: Connection): void {
  rememberSecret(credentials.serviceAccount?.secret);
  rememberSecret(credentials.oauthToken);
  rememberSecret(credentials.clientCredentials?.clientSecret);
  rememberSecret(credentials.projectSecret);
  rememberSecret(credentials.projectToken);
  for (const address of [proxy.http, proxy.https, proxy.all]) rememberSecret(proxyPassword(address));
}
