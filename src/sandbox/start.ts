/** Serves the sandbox over HTTP. */
import { serve } from "../runtime/network/server.ts";
import { createSandbox, type Sandbox, type SandboxOptions } from "./sandbox.ts";

export interface ServedSandbox {
  /** `http://127.0.0.1:1234`: what `MP_API_BASE_URL` is set to. */
  readonly url: string;
  readonly sandbox: Sandbox;
  /** Stops serving. The store stays open: it belongs to whoever opened it. */
  stop(): Promise<void>;
  /** The same, but answers that are under way arrive first, for ten seconds at most. */
  finish(): Promise<void>;
}

const FINISH_MS = 10_000;

/** Listens on a port; 0, the default, lets the system choose. Only this machine can reach it by default. */
export function startSandbox(
  { port = 0, hostname = "127.0.0.1", ...options }: SandboxOptions & { port?: number; hostname?: string },
): ServedSandbox {
  const sandbox = createSandbox(options);
  const server = serve(sandbox.handle, { hostname, port });
  const ended = (end: () => Promise<void>) => async () => {
    sandbox.feed.close();
    await end();
  };
  const stop = ended(() => server.stop());
  const finish = ended(() => server.finish(FINISH_MS));
  const host = hostname.includes(":") ? `[${hostname}]` : hostname;
  return { url: `http://${host}:${server.port}`, sandbox, stop, finish };
}
