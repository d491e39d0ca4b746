/** One adapter over `Bun.serve` and `Deno.serve`. */

import { settlesWithin } from "../clock.ts";

/** Answers a request. `remoteAddress` is the sender's IP address. */
export type Handler = (request: Request, remoteAddress: string) => Response | Promise<Response>;

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, and ends connections that are open. */
  stop(): Promise<void>;
  /** Stops accepting, and lets answers that are under way arrive first, for so long at most. Default: a second. */
  finish(mostMs?: number): Promise<void>;
}

/** Where to listen; port 0 lets the system choose. With a certificate and its key, as PEM, it speaks TLS. */
export interface ListenOptions {
  hostname: string;
  port: number;
  tls?: { certificate: string; key: string };
}

const FINISH_MS = 1000;

interface BunServer {
  port: number;
  requestIP(request: Request): { address: string } | null;
  timeout(request: Request, seconds: number): void;
  stop(closeActive: boolean): Promise<void>;
}
declare const Bun: {
  serve(options: {
    port: number;
    hostname: string;
    idleTimeout: number;
    maxRequestBodySize: number;
    tls?: { cert: string; key: string };
    fetch: (request: Request, server: BunServer) => Response | Promise<Response>;
  }): BunServer;
} | undefined;
declare const Deno: {
  serve(
    options: {
      port: number;
      hostname: string;
      cert?: string;
      key?: string;
      signal: AbortSignal;
      onListen: (address: { port: number }) => void;
    },
    handler: (request: Request, info: { remoteAddr: { hostname: string } }) => Response | Promise<Response>,
  ): { addr: { port: number }; finished: Promise<void>; shutdown(): Promise<void> };
} | undefined;

/** Serves HTTP, or HTTPS. */
export function serve(handler: Handler, { hostname, port, tls }: ListenOptions): RunningServer {
  const identity = tls && { cert: tls.certificate, key: tls.key };
  if (typeof Bun === "object") {
    const server = Bun.serve({
      port,
      hostname,
      idleTimeout: 0,
      maxRequestBodySize: 256 * 1024 * 1024,
      tls: identity,
      fetch: (request, self) => handler(request, self.requestIP(request)?.address ?? ""),
    });
    const stop = () => server.stop(true);
    return { port: server.port, stop, finish: (mostMs) => unlessLate(server.stop(false), stop, mostMs) };
  }
  if (typeof Deno === "object") {
    const controller = new AbortController();
    const server = Deno.serve(
      { port, hostname, ...identity, signal: controller.signal, onListen: () => {} },
      (request, info) => handler(request, info.remoteAddr.hostname),
    );
    const stop = async () => {
      controller.abort();
      await server.finished;
    };
    return { port: server.addr.port, stop, finish: (mostMs) => unlessLate(server.shutdown(), stop, mostMs) };
  }
  throw new Error("Cannot serve HTTP: neither Bun nor Deno is running this program");
}

/** Waits for a gentle end, and brings about a hard one when it does not come. */
async function unlessLate(
  gentle: Promise<void>,
  stop: () => Promise<void>,
  mostMs: number = FINISH_MS,
): Promise<void> {
  if (await settlesWithin(gentle, mostMs)) await gentle;
  else await stop();
}
