/** Children that the user's shell runs. */
import { spawn } from "node:child_process";

/** What a finished child left behind. */
export interface ShellResult {
  code: number;
  stdout: string;
  stderr: string;
}

/** Runs a command line in the user's shell (for secrets that a password manager prints). */
export function runShell(command: string, options: { timeoutMs: number; signal?: AbortSignal }): Promise<ShellResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"], signal: options.signal });
    const timer = setTimeout(() => child.kill(), options.timeoutMs);
    let stdout = "";
    let stderr = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => stdout += text);
    child.stderr.setEncoding("utf8").on("data", (text: string) => stderr += text);
    child.on("error", (error) => {
      clearTimeout(timer);
      reject(error);
    });
    child.on("close", (code) => {
      clearTimeout(timer);
      resolve({ code: code ?? -1, stdout, stderr });
    });
  });
}
