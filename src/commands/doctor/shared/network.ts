/** The way to Mixpanel: names, proxies, certificates, clocks. Nothing is sent that counts against a rate limit. */
import type { Context } from "../../../cli/context.ts";
import { transportOf } from "../../../cli/transport.ts";
import { familyUrl } from "../../../client/hosts.ts";
import type { Family } from "../../../client/types.ts";
import { MpError } from "../../../errors.ts";
import { cleanLine } from "../../../output/clean.ts";
import { NetworkFault } from "../../../runtime/network/network_fault.ts";
import { proxyFor } from "../../../runtime/network/proxy.ts";
import {
  addressesOf,
  type ReachOptions,
  type SecureConnection,
  tryConnection,
  tryTls,
} from "../../../runtime/network/reach.ts";
import { readCertificates, readClientCertificate } from "../../../settings/certificates.ts";
import type { ResolvedSettings } from "../../../settings/resolve.ts";
import { type Finding, foundProblem, ok, skipped, warning } from "./finding.ts";

type Certificates = Pick<ReachOptions, "extraCertificates" | "clientCertificate">;

const TIMEOUT_MS = 10_000;
const MOST_SKEW_MS = 60_000;
const FAMILIES: readonly Family[] = ["query", "export", "ingestion"];

/** One line for each step to each host; a step that fails ends the way to its host. */
export async function lookAtNetwork(context: Context, settings: ResolvedSettings): Promise<Finding[]> {
  const certificates: Certificates = {};
  const findings: Finding[] = [];
  try {
    certificates.extraCertificates = await readCertificates(settings.certificateFiles);
    const files = [...new Set(settings.certificateFiles.map(({ value }) => value))];
    if (files.length > 0) findings.push(ok("extra certificates", files.join(", ")));
    certificates.clientCertificate = await readClientCertificate(settings.clientCertificate);
    if (settings.clientCertificate !== undefined) {
      findings.push(ok("client certificate", settings.clientCertificate.certificate));
    }
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    findings.push(foundProblem("certificates", error.message, error.hint));
  }
  const hosts = { region: settings.region.value, baseUrl: settings.baseUrl?.value };
  const origins = [...new Set(FAMILIES.map((family) => new URL(familyUrl(family, hosts)).origin))];
  const ways = origins.map((origin) => lookAtHost(context, new URL(origin), settings, certificates));
  return [...findings, ...(await Promise.all(ways)).flat()];
}

async function lookAtHost(
  { clock, signal }: Context,
  url: URL,
  settings: ResolvedSettings,
  certificates: Certificates,
): Promise<Finding[]> {
  const { host, hostname } = url;
  const bare = hostname.replace(/^\[|\]$/g, "");
  const port = Number(url.port) || (url.protocol === "https:" ? 443 : 80);
  const findings: Finding[] = [];
  const step = async (name: string, look: () => Promise<Finding>): Promise<boolean> => {
    const finding = await look().catch((error) => foundProblem(`${name} ${host}`, ...explain(error)));
    findings.push(finding);
    return finding.result !== "problem";
  };

  let proxy: URL | undefined;
  const isOnTheWay = await step("proxy for", () => {
    proxy = proxyFor(url, settings.proxy);
    return Promise.resolve(ok(`proxy for ${host}`, proxy === undefined ? "none" : `${proxy.protocol}//${proxy.host}`));
  });
  if (!isOnTheWay) return findings;
  const options: ReachOptions = { proxy, ...certificates, timeoutMs: TIMEOUT_MS };
  if (proxy === undefined) {
    const isKnown = await step(
      "name",
      async () => ok(`name ${host}`, (await addressesOf(bare)).slice(0, 3).join(", ")),
    );
    if (!isKnown) return findings;
  } else findings.push(skipped(`name ${host}`, "the proxy looks it up"));
  const isSecure = url.protocol === "https:";
  const isOpen = await step(isSecure ? "certificate of" : "connection to", async () => {
    if (isSecure) return judge(host, await tryTls(bare, port, options), clock.now());
    await tryConnection(bare, port, options);
    return ok(`connection to ${host}`, "open, not encrypted");
  });
  if (!isOpen) return findings;
  await step("clock against", async () => {
    const transport = transportOf({ proxy: settings.proxy, ...certificates }, TIMEOUT_MS);
    const before = clock.now();
    const answer = await transport({
      method: "GET",
      url: new URL("/", url),
      headers: {},
      timeoutMs: TIMEOUT_MS,
      signal,
    });
    await answer.body.cancel();
    return judgeClock(host, answer.headers.get("date"), (before + clock.now()) / 2);
  });
  return findings;
}

/** Whose certificate it is, and what is missing to trust it. */
function judge(host: string, { protocol, chain, distrust }: SecureConnection, nowMs: number): Finding {
  const own = chain[0];
  const whose = own === undefined ? "none" : `${own.subject}, issued by ${own.issuer}, valid to ${own.validTo}`;
  const shown = cleanLine(`${whose} (${protocol})`);
  if (distrust === undefined) return ok(`certificate of ${host}`, shown);
  const name = `certificate of ${host}`;
  const root = chain.at(-1);
  // Deno calls an expired certificate one that cannot be verified.
  if (own !== undefined && (nowMs > Date.parse(own.validTo) || nowMs < Date.parse(own.validFrom))) {
    return foundProblem(name, `${shown}: not valid now`, "set this machine's clock, or ask for a new certificate");
  }
  if (/ALTNAME|HOSTNAME/.test(distrust)) {
    return foundProblem(
      name,
      `${shown}: it is for another name`,
      "use the host's own name, or ask whoever runs the proxy",
    );
  }
  const missing = root === undefined ? "its authority" : root.issuer === root.subject ? root.subject : root.issuer;
  const fix = `export NODE_EXTRA_CA_CERTS=/path/to/the/certificate/of/that/authority.pem`;
  return foundProblem(name, cleanLine(`${shown}: nobody here trusts ${missing} (${distrust})`), fix);
}

function judgeClock(host: string, date: string | null, localMs: number): Finding {
  const name = `clock against ${host}`;
  const theirs = Date.parse(date ?? "");
  if (Number.isNaN(theirs)) return skipped(name, "the answer has no date");
  const skewMs = localMs - theirs;
  const seconds = Math.round(Math.abs(skewMs) / 1000);
  if (Math.abs(skewMs) <= MOST_SKEW_MS) return ok(name, seconds <= 1 ? "in step" : `${seconds} s apart`);
  const direction = skewMs > 0 ? "ahead" : "behind";
  return warning(
    name,
    `this machine is ${seconds} s ${direction}; times of events and certificates suffer`,
    "set the clock: timedatectl set-ntp true",
  );
}

const INTERRUPTED = "try again in a moment; does a proxy or a firewall on the way hold answers back?";
const FIXES: Partial<Record<NetworkFault["kind"], string>> = {
  unknown_host: "is the network up? A network that needs a proxy needs HTTPS_PROXY",
  lookup_failed: "is the network up? A network that needs a proxy needs HTTPS_PROXY",
  refused: "is the port right, and does a firewall let port 443 out? Or set HTTPS_PROXY",
  unreachable: "does a firewall let port 443 out? Or set HTTPS_PROXY",
  connect_timeout: "does a firewall let port 443 out? Or set HTTPS_PROXY",
  reset: INTERRUPTED,
  cut: INTERRUPTED,
  first_byte_timeout: INTERRUPTED,
  idle_timeout: INTERRUPTED,
  proxy_refused: "put the proxy's user and password into its address: http://user:password@host:port",
  proxy_unreachable: "check HTTPS_PROXY, HTTP_PROXY and ALL_PROXY, or set NO_PROXY",
  tls: "does the server speak HTTPS?",
};

function explain(error: unknown): [detail: string, fix?: string] {
  if (error instanceof NetworkFault) {
    return [cleanLine(`${error.kind.replaceAll("_", " ")}: ${error.detail}`), FIXES[error.kind]];
  }
  if (error instanceof MpError) return [error.message, error.hint];
  return [cleanLine((error as Error).message)];
}
