/** The transport of everything that mp sends: through the user's proxies, with the certificates they trust and show. */
import { createTransport, type Transport, type TransportOptions } from "../runtime/network/transport.ts";
import { readCertificates, readClientCertificate } from "../settings/certificates.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";

/** How servers are reached, with the certificates read. A client's connection has the same. */
export type NetworkOptions = Pick<TransportOptions, "proxy" | "extraCertificates" | "clientCertificate">;

export function transportOf(
  { proxy, extraCertificates, clientCertificate }: NetworkOptions,
  idleTimeoutMs?: number,
): Transport {
  return createTransport({ proxy, extraCertificates, clientCertificate, idleTimeoutMs });
}

/** @throws MpError (input) for a file that holds no certificate. */
export async function transportFor(settings: ResolvedSettings, idleTimeoutMs?: number): Promise<Transport> {
  const options = {
    proxy: settings.proxy,
    extraCertificates: await readCertificates(settings.certificateFiles),
    clientCertificate: await readClientCertificate(settings.clientCertificate),
  };
  return transportOf(options, idleTimeoutMs);
}
