/** A program that is run to its end, without a shell. */
import { spawn } from "node:child_process";

export interface ProgramOutput {
  /** -1 when a signal has ended it. */
  code: number;
  stdout: string;
  stderr: string;
}

/**
 * Runs a program with these arguments and nothing on its standard input, and keeps what it says.
 *
 * @returns undefined when there is no such program
 * @throws the signal's reason, when that has ended it
 */
export function programOutput(
  program: string,
  args: readonly string[],
  { env, signal }: { env: Readonly<Record<string, string | undefined>>; signal: AbortSignal },
): Promise<ProgramOutput | undefined> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const kill = () => void child.kill();
    signal.addEventListener("abort", kill, { once: true });
    const stdout: string[] = [], stderr: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => void stdout.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => void stderr.push(text));
    const end = () => signal.removeEventListener("abort", kill);
    child.on("error", (error: Error & { code?: string }) => {
      end();
      if (error.code === "ENOENT") resolve(undefined);
      else reject(error);
    });
    child.on("close", (code) => {
      end();
      if (signal.aborted) reject(signal.reason);
      else resolve({ code: code ?? -1, stdout: stdout.join(""), stderr: stderr.join("") });
    });
  });
}
