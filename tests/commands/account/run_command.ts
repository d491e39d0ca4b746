/** Runs one command with buffers for a world, a folder of its own for a home, and no network. */
import { after } from "node:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import process from "node:process";
import type { Command } from "../../../src/cli/command.ts";
import type { Context } from "../../../src/cli/context.ts";
import type { GlobalFlags } from "../../../src/cli/globals.ts";
import { parseCommand } from "../../../src/cli/parse.ts";
import { MpError } from "../../../src/errors.ts";
import type { Client, Connection } from "../../../src/client/types.ts";
import type { Input, Output } from "../../../src/runtime/standard_streams.ts";
import { readConfig } from "../../../src/settings/file.ts";
import { configPath } from "../../../src/settings/paths.ts";
import { resolveSettings } from "../../../src/settings/resolve.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";

const homes: string[] = [];
const removeHomes = () => homes.forEach((home) => rmSync(home, { recursive: true, force: true }));
// Deno's test runner tells nothing of its exit, and Bun's runs this module, and so the hook, once for all files.
after(removeHomes);
process.on("exit", removeHomes);

/** A new home folder, with a config file when its text is given. It is removed when the tests are over. */
export function makeHome(config?: string): { HOME: string } {
  const HOME = mkdtempSync(join(tmpdir(), "mp-home-"));
  homes.push(HOME);
  if (config !== undefined) {
    const path = configPath({ HOME });
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, config, { mode: 0o600 });
  }
  return { HOME };
}

export interface Situation {
  env: Record<string, string>;
  stdin?: string;
  /** Answers of the client that `context.client()` gives. */
  client?: Client;
  /** Reading standard input fails the test, as when a prompt is asked without a terminal. */
  noInput?: boolean;
}

export interface Outcome {
  code: number;
  /** What went to standard output, as data and as rows. */
  data?: unknown;
  rows?: Record<string, unknown>[];
  notes: string[];
  confirmed: string[];
  error?: MpError;
  /** Everything that could be seen, for searching it for secrets. */
  seen: string;
}

export function makeContext(globals: GlobalFlags, situation: Situation) {
  const outcome: Outcome = { code: 0, notes: [], confirmed: [], seen: "" };
  const output: Output = { isTerminal: false, columns: () => 80, write: () => Promise.resolve() };
  const stdin: Input = {
    isTerminal: false,
    stream() {
      if (situation.noInput) throw new Error("standard input was read");
      return new Blob([situation.stdin ?? ""]).stream() as ReadableStream<Uint8Array>;
    },
  };
  const context: Context = {
    stdin,
    stdout: output,
    stderr: output,
    env: situation.env,
    clock: fakeClock(0, 0),
    signal: new AbortController().signal,
    globals,
    settings: () =>
      resolveSettings({
        flags: globals,
        env: situation.env,
        readConfig: () => readConfig(configPath(situation.env)),
        runShell: () => Promise.reject(new Error("no shell here")),
      }),
    client: () => situation.client ? Promise.resolve(situation.client) : Promise.reject(new Error("no client here")),
    print(result) {
      outcome.data = result.data;
      outcome.rows = result.rows as Record<string, unknown>[] | undefined;
      outcome.seen += result.text + JSON.stringify(result.rows);
      return Promise.resolve();
    },
    note(line) {
      outcome.notes.push(line);
      outcome.seen += line;
      return Promise.resolve();
    },
    confirm(question) {
      if (!globals.yes) throw new MpError(`Cannot go on: ${question}`, { category: "input", code: "not_confirmed" });
      outcome.confirmed.push(question);
      return Promise.resolve();
    },
  };
  return { context, outcome };
}

/** Parses the arguments as the program does, and runs the command. */
export async function runCommand(
  // deno-lint-ignore no-explicit-any -- each command has an input type of its own
  command: Command<any>,
  argv: string[],
  situation: Situation,
): Promise<Outcome> {
  const readText = () => Promise.reject(new Error("no files here"));
  const parsed = await parseCommand("test", command, argv, { nowMs: 0, readText });
  const { context, outcome } = makeContext(parsed.globals, situation);
  try {
    outcome.code = await command.run(context, parsed.input) ?? 0;
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    outcome.error = error;
    outcome.code = error.exitCode;
    outcome.seen += JSON.stringify([error.message, error.hint, error.serverMessage]);
  }
  return outcome;
}

export const GLOBALS: GlobalFlags = {
  quiet: false,
  verbose: false,
  dryRun: false,
  color: true,
  pacing: true,
  yes: false,
  bom: false,
};

/** What `/me` answers to Ana, who sees two projects. */
export const ME = {
  user_email: "ana@example.com",
  organizations: { "1": { id: 1, name: "Acme" } },
  projects: { "5": { name: "Shop", organization_id: 1 }, "6": { name: "App", organization_id: 1 } },
};

/** What it answers to credentials that it does not know. */
export const REFUSED = new MpError("Not allowed", {
  category: "auth",
  serverMessage: "Invalid service account credentials",
});

/** A config file with an active account for Ana, and one that only tracks. */
export const PROD = `[active]
account = "prod"

[accounts.prod]
username = "ana"
secret = "hunter2secret"
region = "eu"
project_id = "5"

[accounts.tracking]
project_token = "tok"
`;

/** Connects by region; a region without an answer fails the test. Keeps what was asked with. */
export function regions(answers: Partial<Record<string, unknown>>) {
  const asked: Connection[] = [];
  return {
    asked,
    connect: (connection: Connection) => {
      asked.push(connection);
      if (!(connection.region in answers)) throw new Error(`${connection.region} was asked`);
      return Promise.resolve(meClient(connection, answers[connection.region]));
    },
  };
}

async function* nothing(): AsyncGenerator<Uint8Array, void> {}

/** A client that answers `/me`, or refuses. */
export function meClient(connection: Connection, answer: unknown | MpError): Client {
  return {
    connection,
    send(request) {
      if (request.method !== "GET" || request.path !== "/me") {
        throw new Error(`unexpected ${request.method} ${request.path}`);
      }
      if (answer instanceof MpError) return Promise.reject(answer);
      return Promise.resolve({
        status: 200,
        headers: new Headers(),
        url: "http://stub/api/app/me",
        text: () => Promise.resolve(JSON.stringify({ status: "ok", results: answer })),
        stream: nothing,
        views: nothing,
        encoded: () => ({ isGzip: false, body: nothing(), inflate: (bytes) => bytes }),
      });
    },
  };
}
