/** Everything that a command may touch. Tests build one from buffers; `main.ts` builds the real one. */
import type { LiveKind } from "../api/params.ts";
import type { Client } from "../client/types.ts";
import type { Result } from "../output/print.ts";
import type { Clock } from "../runtime/clock.ts";
import type { Input, Output } from "../runtime/standard_streams.ts";
import type { ResolvedSettings } from "../settings/resolve.ts";
import type { GlobalFlags } from "./globals.ts";

/** The world outside the program: what `main.ts` takes from the runtime, and a test from its buffers. */
export interface World {
  stdin: Input;
  stdout: Output;
  stderr: Output;
  env: Readonly<Record<string, string | undefined>>;
  clock: Clock;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** Who runs the command, where it is not a person. */
  host?: CommandHost;
}

/** A program that runs commands in place of a person at a terminal, such as `mp mcp`. */
export interface CommandHost {
  /** Those of the host, so that secrets are asked for once. */
  settings(): Promise<ResolvedSettings>;
  client(): Promise<Client>;
  /** Takes a result in place of standard output. */
  show(result: Result): Promise<void>;
  /** Asks whoever can answer. Throws where nobody can, or the answer is no. */
  confirm(question: string): Promise<void>;
}

export interface Context extends World {
  globals: GlobalFlags;
  /** Who is asking and whom, by flag, environment, account and default; resolved once. */
  settings(): Promise<ResolvedSettings>;
  /** The client of these settings; with `--dry-run` one that prints requests and ends the command. */
  client(): Promise<Client>;
  /** What there is of a kind, where it is not Mixpanel that answers: nothing is kept of it then. */
  known?(question: { kind: LiveKind; event?: string }): Promise<readonly string[]>;
  /** Prints a result to standard output (or `--output`) in the format that was asked for. */
  print(result: Result): Promise<void>;
  /** Says something on standard error, unless `--quiet`. One line, no newline needed. */
  note(line: string): Promise<void>;
  /** Asks before something is destroyed. Without a terminal and without `--yes`: an input error. */
  confirm(question: string): Promise<void>;
}
