/** The whole program against a server that answers what a test tells it to. */
import { sandboxEnvironment } from "../../src/commands/sandbox/shared/sandbox_environment.ts";
import { startStubServer, type StubServer } from "../helpers/stub_server.ts";
import { type ProgramResult, runProgram, type WorldOptions } from "../helpers/world.ts";

export interface Stubbed {
  server: StubServer;
  mp(argv: string[], world?: WorldOptions): Promise<ProgramResult>;
}

export async function openStubbed(): Promise<Stubbed> {
  const server = await startStubServer();
  return {
    server,
    mp: (argv, { env, ...world } = {}) =>
      runProgram(argv, { ...world, env: { ...sandboxEnvironment(server.url), ...env } }),
  };
}
