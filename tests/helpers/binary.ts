/** Runs the compiled binary as a user would, in a world of its own. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";

/** The binary under test: `dist/mp`, unless `MP_TEST_BINARY` names another. */
export const BINARY: string = process.env.MP_TEST_BINARY ??
  join(import.meta.dirname!, "..", "..", "dist", process.platform === "win32" ? "mp.exe" : "mp");

export interface BinaryOptions {
  /** Added to an environment that holds no credentials, proxies or preferences of whoever runs the tests. */
  env?: Record<string, string>;
  /** Standard input; without it there is none. */
  stdin?: string | Uint8Array;
  cwd?: string;
  /** A folder to use as home, so that several runs share accounts. Default: an empty one, removed afterwards. */
  home?: string;
  /** Aborting it sends an interrupt, as Ctrl-C does. */
  signal?: AbortSignal;
  /** The run fails when it takes longer. Default: 30 s. */
  timeoutMs?: number;
  /** Another program to run in the same way, such as a shell. Default: the binary. */
  program?: string;
}

export interface BinaryResult {
  /** Exit code; 128 + n after signal n. */
  code: number;
  stdout: string;
  stderr: string;
  /** Standard output as it came, for what is not text. */
  stdoutBytes: Uint8Array;
}

/** A program that goes on running, such as `mp sandbox`. */
export interface RunningBinary {
  readonly pid: number;
  /** The first match of `ready` in its standard output. */
  readonly match: RegExpMatchArray;
  /** What it has printed so far. */
  output(): { stdout: string; stderr: string };
  /** Sends a signal, an interrupt by default, and waits for the end. Does nothing when it has ended. */
  stop(signal?: NodeJS.Signals): Promise<BinaryResult>;
  readonly ended: Promise<BinaryResult>;
}

/** Runs `mp` with these arguments to its end. */
export function runBinary(args: string[], options: BinaryOptions = {}): Promise<BinaryResult> {
  return start(args, options).ended;
}

/** Starts `mp` and waits until its standard output matches `ready`; throws with its output when it ends before. */
export async function spawnBinary(
  args: string[],
  options: BinaryOptions & { ready: RegExp },
): Promise<RunningBinary> {
  // The time limit is for becoming ready; after that, the test decides.
  const started = start(args, { ...options, timeoutMs: undefined }, Infinity);
  const limitMs = options.timeoutMs ?? 30_000;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const match = await Promise.race([
    new Promise<RegExpMatchArray>((resolve) => {
      started.child.stdout!.on("data", () => {
        const found = started.output().stdout.match(options.ready);
        if (found) resolve(found);
      });
    }),
    started.ended,
    new Promise<undefined>((resolve) => timer = setTimeout(() => resolve(undefined), limitMs)),
  ]);
  clearTimeout(timer);
  if (!Array.isArray(match)) {
    started.send("SIGKILL");
    const { code, stdout, stderr } = await started.ended;
    const state = match === undefined ? `not ready after ${limitMs} ms` : `it ended with ${code}`;
    throw new Error(`Cannot use mp ${args.join(" ")}: ${state}\nstdout: ${stdout}\nstderr: ${stderr}`);
  }
  return {
    pid: started.child.pid!,
    match,
    output: started.output,
    ended: started.ended,
    stop(signal = "SIGINT") {
      started.send(signal);
      return started.ended;
    },
  };
}

/** An empty private folder, for tests that need a home or a place for files; the test removes it. */
export function temporaryFolder(): string {
  return mkdtempSync(join(tmpdir(), "mp-test-"));
}

interface Started {
  child: ChildProcess;
  ended: Promise<BinaryResult>;
  output(): { stdout: string; stderr: string };
  send(signal: NodeJS.Signals): void;
}

function start(args: string[], options: BinaryOptions, timeoutMs = options.timeoutMs ?? 30_000): Started {
  if (!existsSync(BINARY)) throw new Error(`Cannot run ${BINARY}: it is not built; run 'npm run build'`);
  const home = options.home ?? temporaryFolder();
  const isGroup = options.program !== undefined;
  const child = spawn(options.program ?? BINARY, args, {
    cwd: options.cwd ?? home,
    env: { ...isolatedEnvironment(home), ...options.env } as NodeJS.ProcessEnv,
    stdio: [options.stdin === undefined ? "ignore" : "pipe", "pipe", "pipe"],
    // A shell leads a group of its own, so that its children can be ended with it.
    detached: isGroup,
  });
  const stdout: Uint8Array[] = [];
  const stderr: Uint8Array[] = [];
  child.stdout!.on("data", (chunk: Uint8Array) => stdout.push(chunk));
  child.stderr!.on("data", (chunk: Uint8Array) => stderr.push(chunk));
  if (options.stdin !== undefined) {
    // A program may end without reading all that it is given.
    child.stdin!.on("error", () => {});
    child.stdin!.end(options.stdin);
  }
  // Not `child.kill`: after it, Deno reports the signal in place of the exit code, however the program ends.
  const send = (signal: NodeJS.Signals) => {
    const hasEnded = child.exitCode !== null || child.signalCode !== null;
    if (child.pid === undefined || (hasEnded && !isGroup)) return;
    try {
      process.kill(isGroup ? -child.pid : child.pid, signal);
    } catch { /* it has just ended */ }
  };
  const output = () => ({ stdout: text(stdout), stderr: text(stderr) });
  const ended = new Promise<BinaryResult>((resolve, reject) => {
    const interrupt = () => send("SIGINT");
    options.signal?.addEventListener("abort", interrupt, { once: true });
    if (options.signal?.aborted) interrupt();
    let timedOut = false;
    const timer = Number.isFinite(timeoutMs)
      ? setTimeout(() => {
        timedOut = true;
        send("SIGKILL");
      }, timeoutMs)
      : undefined;
    const cleanUp = () => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", interrupt);
      if (options.home === undefined) rmSync(home, { recursive: true, force: true });
    };
    child.on("error", (error) => {
      cleanUp();
      reject(error);
    });
    child.on("close", (code, signal) => {
      cleanUp();
      if (timedOut) {
        const printed = output();
        const what = `mp ${args.join(" ")} did not end within ${timeoutMs} ms`;
        reject(new Error(`${what}\nstdout: ${printed.stdout}\nstderr: ${printed.stderr}`));
      } else resolve({ code: code ?? 128 + signalNumber(signal), ...output(), stdoutBytes: joined(stdout) });
    });
  });
  // Whoever waits hears of it; nobody else should crash over it.
  ended.catch(() => {});
  return { child, ended, output, send };
}

function isolatedEnvironment(home: string): Record<string, string | undefined> {
  const { PATH, TMPDIR, SystemRoot, TEMP, TMP } = process.env;
  return {
    PATH,
    TMPDIR,
    SystemRoot,
    TEMP,
    TMP,
    HOME: home,
    USERPROFILE: home,
    XDG_CONFIG_HOME: join(home, ".config"),
    XDG_STATE_HOME: join(home, ".local", "state"),
    XDG_CACHE_HOME: join(home, ".cache"),
    XDG_DATA_HOME: join(home, ".local", "share"),
    LANG: "C.UTF-8",
    TZ: "UTC",
    ...fakedClock(),
  };
}

/** The clock and the time zone of the tests, where `scripts/test_dates.ts` has faked them. */
function fakedClock(): Record<string, string | undefined> {
  if (process.env.FAKETIME === undefined) return {};
  const names = ["TZ", "LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED", "FAKETIME_DONT_FAKE_MONOTONIC", "NO_FAKE_STAT"];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}

function signalNumber(signal: NodeJS.Signals | null): number {
  return { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 }[signal as string] ?? 1;
}

function joined(chunks: Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

const text = (chunks: Uint8Array[]): string => new TextDecoder().decode(joined(chunks));
