/** One adapter over `Bun.serve` and `Deno.serve`. */

/** Answers a request. `remoteAddress` is the sender's IP address. */
export type Handler = (request: Request, remoteAddress: string) => Response | Promise<Response>;

export interface RunningServer {
  readonly port: number;
  /** Stops accepting, and ends connections that are open. */
  stop(): Promise<void>;
}

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
    fetch: (request: Request, server: BunServer) => Response | Promise<Response>;
  }): BunServer;
} | undefined;
declare const Deno: {
  serve(
    options: { port: number; hostname: string; signal: AbortSignal; onListen: (address: { port: number }) => void },
    handler: (request: Request, info: { remoteAddr: { hostname: string } }) => Response | Promise<Response>,
  ): { addr: { port: number }; finished: Promise<void> };
} | undefined;

/** Serves HTTP on `hostname`; port 0 lets the system choose. */
export function serve(handler: Handler, options: { hostname: string; port: number }): RunningServer {
  if (typeof Bun === "object") {
    const server = Bun.serve({
      port: options.port,
      hostname: options.hostname,
      idleTimeout: 0,
      maxRequestBodySize: 256 * 1024 * 1024,
      fetch: (request, self) => handler(request, self.requestIP(request)?.address ?? ""),
    });
    return { port: server.port, stop: () => server.stop(true) };
  }
  if (typeof Deno === "object") {
    const controller = new AbortController();
    const server = Deno.serve(
      { port: options.port, hostname: options.hostname, signal: controller.signal, onListen: () => {} },
      (request, info) => handler(request, info.remoteAddr.hostname),
    );
    return {
      port: server.addr.port,
      async stop() {
        controller.abort();
        await server.finished;
      },
    };
  }
  throw new Error("Cannot serve HTTP: neither Bun nor Deno is running this program");
}
