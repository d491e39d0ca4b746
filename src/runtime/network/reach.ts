/** Looks at the way to a host step by step, without sending a request: its name, a connection, its certificates. */
import { lookup } from "node:dns/promises";
import { connect, isIP } from "node:net";
import { connect as connectTls, type DetailedPeerCertificate, rootCertificates, type TLSSocket } from "node:tls";
import type { Duplex } from "node:stream";
import { type NetworkFault, networkFault } from "./network_fault.ts";
import type { ClientCertificate } from "./wire.ts";
import { openTunnel } from "./transport_node.ts";

/** A certificate as people read it. */
export interface ShownCertificate {
  subject: string;
  issuer: string;
  validFrom: string;
  validTo: string;
}

export interface SecureConnection {
  protocol: string;
  /** From the host's own certificate towards its authority, as far as the host sends them. */
  chain: ShownCertificate[];
  /** Why the chain is not trusted, in OpenSSL's words; undefined when it is. */
  distrust?: string;
}

export interface ReachOptions {
  proxy?: URL;
  /** PEM texts of authorities that are trusted besides the well-known ones. */
  extraCertificates?: string;
  clientCertificate?: ClientCertificate;
  timeoutMs: number;
}

/** The addresses of a name. Throws a `NetworkFault`. */
export async function addressesOf(host: string): Promise<string[]> {
  try {
    return (await lookup(host, { all: true })).map(({ address }) => address);
  } catch (error) {
    throw networkFault(error);
  }
}

/** Opens a connection, through the proxy if there is one, and closes it. Throws a `NetworkFault`. */
export async function tryConnection(host: string, port: number, options: ReachOptions): Promise<void> {
  (await open(host, port, options)).destroy();
}

/** Shakes hands with a host and says whose certificates it shows, trusted or not. Throws a `NetworkFault`. */
export async function tryTls(host: string, port: number, options: ReachOptions): Promise<SecureConnection> {
  const raw = await open(host, port, options);
  const ca = options.extraCertificates === undefined ? undefined : [...rootCertificates, options.extraCertificates];
  const { certificate: cert, key } = options.clientCertificate ?? {};
  return await within(options.timeoutMs, raw, (resolve, reject) => {
    const servername = isIP(host) === 0 ? host : undefined;
    const secure: TLSSocket = connectTls(
      { socket: raw, host, servername, ca, cert, key, rejectUnauthorized: false },
      () => {
        const reason = secure.authorizationError as Error | string | undefined;
        resolve({
          protocol: secure.getProtocol() ?? "unknown",
          chain: chainOf(secure.getPeerCertificate(true)),
          distrust: secure.authorized ? undefined : codeOf(reason),
        });
        secure.destroy();
      },
    );
    secure.on("error", reject);
  });
}

function codeOf(reason: Error | string | undefined): string {
  if (typeof reason === "object") return (reason as { code?: string }).code ?? reason.message;
  return reason ?? "unknown reason";
}

async function open(host: string, port: number, { proxy, timeoutMs }: ReachOptions): Promise<Duplex> {
  if (proxy !== undefined) return await openTunnel(proxy, host, port);
  const socket = connect({ host, port });
  return await within(timeoutMs, socket, (resolve, reject) => {
    socket.once("connect", () => resolve(socket));
    socket.on("error", reject);
  });
}

/** Waits so long and no longer. The reason of a failure is a `NetworkFault`. */
function within<T>(
  timeoutMs: number,
  socket: Duplex,
  wait: (resolve: (value: T) => void, reject: (error: unknown) => void) => void,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (fault: NetworkFault) => {
      clearTimeout(timer);
      socket.destroy();
      reject(fault);
    };
    const late = Object.assign(new Error(`no answer in ${timeoutMs} ms`), { code: "ETIMEDOUT" });
    const timer = setTimeout(() => fail(networkFault(late)), timeoutMs);
    wait((value) => {
      clearTimeout(timer);
      resolve(value);
    }, (error) => fail(networkFault(error)));
  });
}

function chainOf(first: DetailedPeerCertificate): ShownCertificate[] {
  const chain: ShownCertificate[] = [];
  const seen = new Set<string>();
  for (let one = first; one?.subject !== undefined && !seen.has(one.fingerprint256); one = one.issuerCertificate) {
    seen.add(one.fingerprint256);
    chain.push({
      subject: nameOf(one.subject),
      issuer: nameOf(one.issuer),
      validFrom: one.valid_from,
      validTo: one.valid_to,
    });
  }
  return chain;
}

/** The name that people know: of the host, or of the organization behind an authority. */
function nameOf(name: DetailedPeerCertificate["subject"]): string {
  const first = (text: string | string[] | undefined) => Array.isArray(text) ? text[0] : text;
  return [first(name?.CN), first(name?.O)].filter(Boolean).join(", ") || "nobody";
}
