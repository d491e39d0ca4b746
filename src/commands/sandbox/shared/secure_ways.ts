/** `--tls` and `--proxy`: further ways to a sandbox, for clients that speak nothing but https. */
import type { Context } from "../../../cli/context.ts";
import { inputError } from "../../../errors.ts";
import { join } from "../../../runtime/files/files.ts";
import { shellWord } from "../../../runtime/shell_word.ts";
import type { ServedSandbox } from "../../../sandbox/start.ts";
import { stateFolder } from "../../../settings/paths.ts";
import { portError } from "./port_error.ts";

export interface SecureWays {
  /** Its address by https; undefined with a proxy alone. */
  url?: string;
  proxyUrl?: string;
  /** The certificate that clients have to trust. */
  authorityPath: string;
  finish(): Promise<void>;
}

export interface WantedWays {
  tls: boolean;
  proxy: boolean;
  /** The sandbox's own: https is on the next one, the proxy on the one after. 0 lets the system choose all. */
  port: number;
}

/** @throws MpError (input) when there are no such ports after the sandbox's own. */
export function requirePorts({ tls, proxy, port }: WantedWays): void {
  const last = proxy ? port + 2 : tls ? port + 1 : port;
  if (last <= 65_535) return;
  throw inputError(
    `Cannot use --port ${port}: --tls takes the port after it, and --proxy the second one after it`,
    "choose a lower one, or --port 0",
    "bad_port",
  );
}

/** Opens the ways that are wanted; undefined when none is. */
export async function openSecureWays(
  context: Context,
  { sandbox }: ServedSandbox,
  { tls, proxy, port }: WantedWays,
): Promise<SecureWays | undefined> {
  if (!tls && !proxy) return undefined;
  const { certificateFor, openAuthority } = await import("../../../sandbox/tls/authority.ts");
  const { startSecure } = await import("../../../sandbox/tls/secure.ts");
  const nowMs = context.clock.now();
  const authority = await openAuthority(join(stateFolder(context.env), "sandbox-authority"), nowMs);
  if (authority.replaced !== undefined) {
    await context.note(
      `The authority of the sandbox was replaced: ${authority.replaced}; clients have to trust the new one`,
    );
  }
  const certificate = await certificateFor(authority, nowMs);
  const after = (steps: number) => port === 0 ? 0 : port + steps;
  const ports = { port: tls ? after(1) : 0, proxyPort: proxy ? after(2) : undefined };
  const secure = await startSecure(sandbox, { certificate, ...ports }).catch((cause) => {
    throw portError(tls && proxy ? `ports ${after(1)} and ${after(2)}` : `port ${after(tls ? 1 : 2)}`, cause);
  });
  const { url, proxyUrl } = secure;
  return { url: tls ? url : undefined, proxyUrl, authorityPath: authority.path, finish: () => secure.finish() };
}

/** How to use them, in a few lines. */
export function secureLines(ways: SecureWays | undefined): string[] {
  if (ways === undefined) return [];
  const { url, proxyUrl, authorityPath } = ways;
  const trust = `SSL_CERT_FILE=${shellWord(authorityPath)}`;
  return [
    `Authority:   ${authorityPath}, which clients have to trust`,
    ...(url === undefined ? [] : [`By https:    ${url}`]),
    ...(proxyUrl === undefined ? [] : [
      `As Mixpanel: HTTPS_PROXY=${proxyUrl} ${trust} PROGRAM`,
      "             for Node.js NODE_EXTRA_CA_CERTS, for Python REQUESTS_CA_BUNDLE, in place of SSL_CERT_FILE",
    ]),
  ];
}
