/** Runs this very program again, as a child: how the demo shows real commands, and how work outlives a command. */
import { spawn } from "node:child_process";
import process from "node:process";

declare const Deno: { execPath(): string; mainModule: string } | undefined;
declare const Bun: { main: string } | undefined;

/** The words that start this program: itself when it is compiled, else the runtime and its main file. */
function selfCommand(): [string, ...string[]] {
  if (typeof Deno === "object") {
    const isCompiled = !/\/deno(\.exe)?$/.test(Deno.execPath().replaceAll("\\", "/"));
    return isCompiled ? [Deno.execPath()] : [Deno.execPath(), "run", "-A", "--no-check", Deno.mainModule];
  }
  const main = typeof Bun === "object" ? Bun.main : "";
  const isCompiled = main.startsWith("/$bunfs/") || main.includes("~BUN");
  return isCompiled ? [process.execPath] : [process.execPath, main];
}

/** The file of this program; undefined when a runtime runs it from source. */
export function compiledProgram(): string | undefined {
  const [program, ...first] = selfCommand();
  return first.length === 0 ? program : undefined;
}

/**
 * Runs it with these arguments, this environment and this process's standard streams; returns its exit code.
 *
 * @param options.killWhen when this resolves it is killed, and has no time for anything
 */
export function runSelf(
  args: string[],
  options: {
    env: Readonly<Record<string, string | undefined>>;
    cwd: string;
    signal: AbortSignal;
    killWhen?: Promise<void>;
  },
): Promise<number> {
  const [program, ...first] = selfCommand();
  return new Promise((resolve, reject) => {
    const child = spawn(program, [...first, ...args], {
      cwd: options.cwd,
      env: { ...options.env },
      stdio: ["ignore", "inherit", "inherit"],
    });
    // At a terminal, Ctrl-C reaches the child by itself; a signal to this process alone is passed on.
    const pass = () => void child.kill("SIGTERM");
    options.signal.addEventListener("abort", pass, { once: true });
    if (options.signal.aborted) pass();
    options.killWhen?.then(() => void child.kill("SIGKILL"), reject);
    child.on("error", reject);
    child.on("close", (code) => {
      options.signal.removeEventListener("abort", pass);
      resolve(code ?? 1);
    });
  });
}

/**
 * Starts it without streams and goes on: waits until it has ended, or for `waitMs`, and leaves it running then. A child
 * that cannot be started is skipped.
 */
export function startSelf(
  args: string[],
  options: { env: Readonly<Record<string, string | undefined>>; waitMs: number },
): Promise<void> {
  const [program, ...first] = selfCommand();
  return new Promise((resolve) => {
    const child = spawn(program, [...first, ...args], { env: { ...options.env }, stdio: "ignore", detached: true });
    const timer = setTimeout(resolve, options.waitMs);
    const end = () => {
      clearTimeout(timer);
      resolve();
    };
    child.on("error", end);
    child.on("close", end);
    child.unref();
  });
}
