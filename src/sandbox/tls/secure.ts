/** Serves a sandbox by TLS too, under its own names and, through a proxy, under Mixpanel's. */
import { serve } from "../../runtime/network/server.ts";
import { startTunnelProxy } from "../../runtime/network/tunnel_proxy.ts";
import type { Sandbox } from "../sandbox.ts";
import type { KeyedCertificate } from "./certificate.ts";
import { MIXPANEL_HOSTS } from "./hosts.ts";

export interface SecureSandbox {
  /** `https://127.0.0.1:1234` */
  readonly url: string;
  /** `http://127.0.0.1:1235`: what `HTTPS_PROXY` is set to; undefined without a proxy. */
  readonly proxyUrl?: string;
  stop(): Promise<void>;
  /** The same, but answers that are under way arrive first, for ten seconds at most. */
  finish(): Promise<void>;
}

const HOSTNAME = "127.0.0.1";
const FINISH_MS = 10_000;

/** Listens on a port, and on one more for the proxy if there is to be one; 0 lets the system choose. */
export async function startSecure(
  { handle, settings }: Sandbox,
  { certificate, port, proxyPort }: { certificate: KeyedCertificate; port: number; proxyPort?: number },
): Promise<SecureSandbox> {
  settings.hosts = [...settings.hosts, ...MIXPANEL_HOSTS];
  const server = serve(handle, { hostname: HOSTNAME, port, tls: certificate });
  const url = `https://${HOSTNAME}:${server.port}`;
  if (proxyPort === undefined) return { url, stop: () => server.stop(), finish: () => server.finish(FINISH_MS) };
  const options = { hostname: HOSTNAME, port: proxyPort, targetPort: server.port, refusal: refusalOf };
  const proxy = await startTunnelProxy(options).catch(async (error) => {
    await server.stop();
    throw error;
  });
  const ended = (end: () => Promise<void>) => async () => {
    proxy.refuseMore();
    await end();
    await proxy.stop();
  };
  return {
    url,
    proxyUrl: `http://${HOSTNAME}:${proxy.port}`,
    stop: ended(() => server.stop()),
    finish: ended(() => server.finish(FINISH_MS)),
  };
}

/** Nothing that is meant for anyone else, and no other port, goes through the proxy. */
function refusalOf(host: string, port: string): string | undefined {
  if (!MIXPANEL_HOSTS.includes(host)) return `${host} is not one of Mixpanel's hosts, and nothing else is passed on`;
  return port === "443" ? undefined : `port ${port} of ${host} is not passed on, only 443 is`;
}
