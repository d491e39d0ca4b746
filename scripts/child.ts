import { spawn } from "node:child_process";
import process from "node:process";

/** What a finished program left behind. */
export interface ChildResult {
  /** Exit code; 124 when the time limit ended it, 127 when it could not be started, 128 + n after signal n. */
  code: number;
  /** Standard output and standard error, in the order in which they came. */
  output: string;
}

/** What a child is given. */
export interface ChildOptions {
  cwd: string;
  env?: Record<string, string | undefined>;
  /** The program and all that it started are ended after this long. */
  timeoutMs: number;
}

const running = new Set<number>();

/** Runs a program to its end, without input, in a process group of its own, and collects what it says. */
export function runChild(command: string, args: string[], options: ChildOptions): Promise<ChildResult> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env as NodeJS.ProcessEnv,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
    });
    const chunks: string[] = [];
    let timedOut = false;
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => chunks.push(text));
    }
    if (child.pid !== undefined) running.add(child.pid);
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid!);
    }, options.timeoutMs);
    const finish = (code: number, note = "") => {
      clearTimeout(timer);
      if (child.pid !== undefined) running.delete(child.pid);
      resolve({ code, output: chunks.join("") + note });
    };
    child.on("error", (error) => finish(127, `Cannot start ${command}: ${error.message}\n`));
    child.on("close", (code) => {
      if (timedOut) finish(124, `\nEnded after ${options.timeoutMs / 1000} s: the time limit\n`);
      else finish(code ?? 129);
    });
  });
}

/** Ends every program that `runChild` started and that still runs. */
export function endChildren(): void {
  for (const pid of running) endGroup(pid);
}

function endGroup(pid: number): void {
  try {
    process.kill(process.platform === "win32" ? pid : -pid, "SIGKILL");
  } catch { /* it ended by itself meanwhile */ }
}
