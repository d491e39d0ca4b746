/** One adapter over `Bun.serve` and `Deno.serve`. */

import { settlesWithin } from "../clock.ts";

/** Answers a request. `remoteAddress` is the sender's IP address. */
export type Handler = (request: Request, remoteAddress: string) => Response | Promise<Response>;

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, and ends connections that are open. */
  stop(): Promise<void>;
  /**
   * Stops accepting, and lets answers that are under way arrive first, for so long at most. Default: a second.
   * Connections without a request, such as one in the middle of a TLS handshake, are not waited for.
   */
  finish(mostMs?: number): Promise<void>;
}

/** Where to listen; port 0 lets the system choose. With a certificate and its key, as PEM, it speaks TLS. */
export interface ListenOptions {
  hostname: string;
  port: number;
  tls?: { certificate: string; key: string };
}

const FINISH_MS = 1000;

/** How often it is looked whether answers are still under way. */
const LOOK_MS = 50;

interface BunServer {
  port: number;
  /** Requests whose answers have not been sent whole. */
  pendingRequests: number;
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
    handler: (
      request: Request,
      info: { remoteAddr: { hostname: string }; completed: Promise<void> },
    ) => Response | Promise<Response>,
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
    const finish = async (mostMs?: number) => {
      const gentle = server.stop(false);
      await untilIdle(gentle, () => server.pendingRequests, mostMs);
      await stop();
    };
    return { port: server.port, stop, finish };
  }
  if (typeof Deno === "object") {
    const controller = new AbortController();
    let pending = 0;
    let isFinishing = false;
    const server = Deno.serve(
      { port, hostname, ...identity, signal: controller.signal, onListen: () => {} },
      (request, info) => {
        pending++;
        // expected: a connection that breaks, which ends the request as well
        info.completed.catch(() => {}).finally(() => pending--);
        return handler(request, info.remoteAddr.hostname);
      },
    );
    const stop = async () => {
      // What is shut down cannot be aborted any more.
      if (isFinishing) return;
      controller.abort();
      await server.finished;
    };
    // Deno ends what is left with the process.
    const finish = async (mostMs?: number) => {
      isFinishing = true;
      await untilIdle(server.shutdown(), () => pending, mostMs);
    };
    return { port: server.addr.port, stop, finish };
  }
  throw new Error("Cannot serve HTTP: neither Bun nor Deno is running this program");
}

/** Waits until it has ended, or no answer is under way, or it is late. */
async function untilIdle(ended: Promise<void>, pending: () => number, mostMs: number = FINISH_MS): Promise<void> {
  const lateMs = performance.now() + mostMs;
  do {
    if (await settlesWithin(ended, LOOK_MS)) return;
  } while (pending() > 0 && performance.now() < lateMs);
}
