/** Runs a command as it is typed, with a fake client and buffers for streams. */
import type { Command } from "../../src/cli/command.ts";
import type { Context } from "../../src/cli/context.ts";
import { parseCommand } from "../../src/cli/parse.ts";
import type { Connection } from "../../src/client/types.ts";
import { MpError } from "../../src/errors.ts";
import type { ResolvedSettings } from "../../src/settings/resolve.ts";
import { type FakeClient, fakeClient, type Responder } from "../jobs/fake_client.ts";
import { temporaryFolder } from "../helpers/temporary_folder.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

const state = temporaryFolder();

export interface Ran {
  /** What the command returned, or the exit code of the error that it threw. */
  exitCode: number;
  error?: MpError;
  stdout: string;
  /** What was noted, in lines. */
  notes: string[];
  /** What was handed to the printer. */
  printed: unknown[];
  client: FakeClient;
}

export interface RunOptions {
  respond?: Responder;
  /** Whom the client talks to, and as whom, where that matters. */
  connection?: Partial<Connection>;
  /** What comes through the pipe; without it, standard input is a terminal. */
  stdin?: string;
  nowMs?: number;
  clock?: Context["clock"];
  /** Where things are remembered. Default: a folder of this process. */
  stateFolder?: string;
  signal?: AbortSignal;
  /** Called when a dry run would send its request. */
  files?: Record<string, string>;
}

const decoder = new TextDecoder();

export async function runWithFakes(
  // deno-lint-ignore no-explicit-any -- each command has an input type of its own
  command: Command<any>,
  argv: string[],
  options: RunOptions = {},
): Promise<Ran> {
  const nowMs = options.nowMs ?? Date.UTC(2026, 10, 1);
  const client = fakeClient(options.respond ?? (() => "1"), options.connection);
  const ran: Ran = { exitCode: 0, stdout: "", notes: [], printed: [], client };
  const output = (take: (text: string) => void) => ({
    isTerminal: false,
    columns: () => 80,
    write: (content: string | Uint8Array) =>
      Promise.resolve(take(typeof content === "string" ? content : decoder.decode(content))),
  });
  try {
    const { globals, input } = await parseCommand("command", command, argv, {
      nowMs,
      readText: (source) => Promise.resolve(options.files?.[source] ?? ""),
    });
    const context: Context = {
      stdin: {
        isTerminal: options.stdin === undefined,
        stream: () => new Blob([options.stdin ?? ""]).stream(),
      },
      stdout: output((text) => ran.stdout += text),
      stderr: output(() => {}),
      env: {},
      clock: options.clock ?? fakeClock(nowMs),
      signal: options.signal ?? new AbortController().signal,
      globals,
      // Of the settings, commands need no more than where to remember things.
      settings: () => Promise.resolve({ stateFolder: options.stateFolder ?? state.path("state") } as ResolvedSettings),
      client: () => Promise.resolve(client),
      print: (result) => Promise.resolve(void ran.printed.push(result.data)),
      note: (line) => Promise.resolve(void ran.notes.push(line)),
      confirm: () => Promise.resolve(),
    };
    ran.exitCode = await command.run(context, input) ?? 0;
  } catch (error) {
    if (!(error instanceof MpError)) throw error;
    ran.error = error;
    ran.exitCode = error.exitCode;
  }
  return ran;
}
