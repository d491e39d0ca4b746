/** A world made of buffers, in which the whole program runs as it would for a user: `runProgram(["query", …])`. */
import type { World } from "../../src/cli/context.ts";
import { ClosedPipeError } from "../../src/errors.ts";
import { run } from "../../src/program.ts";
import type { Output } from "../../src/runtime/standard_streams.ts";
import { type FakeClock, fakeClock } from "./fake_clock.ts";

export interface WorldOptions {
  /** The whole environment. Default: empty. */
  env?: Record<string, string | undefined>;
  /** What is piped in. Without it, standard input is a terminal when `terminal` is set, and else empty. */
  stdin?: string | Uint8Array;
  /** Whether standard output, error and (without `stdin`) input are a terminal, and how wide it is. */
  terminal?: boolean | { columns: number };
  /** Default: noon of Monday, 2026-11-23, in UTC. */
  clock?: FakeClock;
  signal?: AbortSignal;
}

/** An output that keeps what it is given. */
export interface Buffer extends Output {
  /** Everything so far. */
  text(): string;
  /** Resolves when what was written matches. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
  /** From now on nobody reads: writing fails as a pipe does whose reader has gone. */
  close(): void;
}

export interface TestWorld extends World {
  stdout: Buffer;
  stderr: Buffer;
  clock: FakeClock;
}

export interface ProgramResult {
  code: number;
  stdout: string;
  stderr: string;
}

export const NOW_MS = Date.UTC(2026, 10, 23, 12);

export function testWorld(options: WorldOptions = {}): TestWorld {
  const { env = {}, stdin, terminal = false, clock = fakeClock(NOW_MS), signal } = options;
  const isTerminal = terminal !== false;
  const columns = typeof terminal === "object" ? terminal.columns : 80;
  return {
    stdin: {
      isTerminal: isTerminal && stdin === undefined,
      stream: () => new Blob([stdin as string ?? ""]).stream(),
    },
    stdout: buffer(isTerminal, columns),
    stderr: buffer(isTerminal, columns),
    env,
    clock,
    signal: signal ?? new AbortController().signal,
  };
}

/** Runs the program to its end. */
export async function runProgram(argv: string[], options: WorldOptions = {}): Promise<ProgramResult> {
  const world = testWorld(options);
  const code = await run(argv, world);
  return { code, stdout: world.stdout.text(), stderr: world.stderr.text() };
}

export function buffer(isTerminal = false, columns = 80): Buffer {
  const decoder = new TextDecoder();
  const waiting = new Set<() => void>();
  let text = "";
  let isClosed = false;
  return {
    isTerminal,
    columns: () => columns,
    write(content) {
      if (isClosed) return Promise.reject(new ClosedPipeError());
      text += typeof content === "string" ? content : decoder.decode(content, { stream: true });
      for (const look of waiting) look();
      return Promise.resolve();
    },
    text: () => text,
    until(pattern) {
      return new Promise((resolve) => {
        const look = () => {
          const match = pattern.exec(text);
          if (match === null) return;
          waiting.delete(look);
          resolve(match);
        };
        waiting.add(look);
        look();
      });
    },
    close: () => void (isClosed = true),
  };
}
