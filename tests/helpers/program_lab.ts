/** The whole program against a sandbox of its own over HTTP; every request that it sends is kept. */
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { serve } from "../../src/runtime/network/server.ts";
import { SANDBOX, seedDefaults } from "../../src/sandbox/defaults.ts";
import { createSandbox, type SandboxOptions } from "../../src/sandbox/sandbox.ts";
import { openStore, type Store } from "../../src/sandbox/store/store.ts";
import { parseJson } from "../../src/streams/json/json.ts";
import { type FakeClock, fakeClock } from "./fake_clock.ts";
import { assertPublished } from "./published_spec.ts";
import { NOW_MS, type ProgramResult, runProgram, type WorldOptions } from "./world.ts";

/** A request as it came. */
export interface SeenRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  search: URLSearchParams;
  headers: Headers;
  /** Uncompressed. */
  text: string;
}

export interface ProgramLab {
  readonly store: Store;
  readonly url: string;
  readonly requests: SeenRequest[];
  /** Runs `mp`; `world.env` goes before the sandbox's variables. */
  mp(argv: string[], world?: WorldOptions): Promise<ProgramResult>;
  /** Runs `mp` and returns the one request that it sent. Throws when it failed, or sent another number. */
  sends(argv: string[], world?: WorldOptions): Promise<SeenRequest & ProgramResult>;
  /** What a query answers, as JSON. */
  // deno-lint-ignore no-explicit-any
  query(path: string, parameters?: Record<string, string>): Promise<any>;
  stop(): Promise<void>;
}

/**
 * Starts a sandbox whose clock stands at noon of 2026-11-23, as that of the program does. A clock that is given is that of
 * both: where the program sleeps, time passes in the sandbox.
 *
 * @param timeZone of the project; default UTC
 */
export function openProgramLab(
  settings: SandboxOptions["settings"] = {},
  shared?: FakeClock,
  timeZone?: string,
): ProgramLab {
  const store = openStore(":memory:");
  seedDefaults(store, { timeZone });
  const sandbox = createSandbox({ store, clock: shared ?? fakeClock(NOW_MS), settings });
  const requests: SeenRequest[] = [];
  const server = serve(async (request, address) => {
    requests.push(await seen(request.clone()));
    return await sandbox.handle(request, address);
  }, { hostname: "127.0.0.1", port: 0 });
  const url = `http://127.0.0.1:${server.port}`;
  const mp = async (argv: string[], { env, ...world }: WorldOptions = {}) => {
    const before = requests.length;
    const clock = shared ?? fakeClock(NOW_MS);
    const result = await runProgram(argv, { clock, ...world, env: { ...sandboxEnvironment(url), ...env } });
    // Requests that tests make go wrong on purpose need not be as published.
    if (result.code === 0) { for (const one of requests.slice(before)) assertPublished(one); }
    return result;
  };
  return {
    store,
    url,
    requests,
    mp,
    async sends(argv, world) {
      const before = requests.length;
      const result = await mp(argv, world);
      if (result.code !== 0) throw new Error(`mp ${argv.join(" ")} ended with ${result.code}: ${result.stderr}`);
      const sent = requests.slice(before);
      if (sent.length !== 1) throw new Error(`mp ${argv.join(" ")} sent ${sent.length} requests`);
      return { ...sent[0]!, ...result };
    },
    async query(path, parameters = {}) {
      const search = new URLSearchParams({ project_id: String(SANDBOX.projectId), ...parameters });
      const authorization = `Basic ${btoa(`${SANDBOX.username}:${SANDBOX.serviceSecret}`)}`;
      const answer = await fetch(`${url}/api/query${path}?${search}`, { headers: { authorization } });
      return parseJson(await answer.text());
    },
    async stop() {
      await server.stop();
      store.close();
    },
  };
}

async function seen(request: Request): Promise<SeenRequest> {
  const { pathname, searchParams } = new URL(request.url);
  const isGzip = request.headers.get("content-encoding") === "gzip";
  const body = isGzip && request.body !== null
    ? request.body.pipeThrough(new DecompressionStream("gzip"))
    : request.body;
  return {
    method: request.method,
    path: pathname,
    query: Object.fromEntries(searchParams),
    search: searchParams,
    headers: request.headers,
    text: await new Response(body).text(),
  };
}
