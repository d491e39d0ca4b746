/** The process: arguments, environment, signals, children. */
import { spawn } from "node:child_process";
import { arch, homedir, release } from "node:os";
import process from "node:process";

declare const Deno: { args: string[]; exit(code: number): never } | undefined;

/** The arguments after the program's name. */
export function programArguments(): string[] {
  return typeof Deno === "object" ? [...Deno.args] : process.argv.slice(2);
}

export function environment(): Record<string, string | undefined> {
  return process.env;
}

export function exit(code: number): never {
  return process.exit(code);
}

/** The user's home; for a user id that nobody has set up, as in a container, the root folder, as Docker has it. */
export function homeFolder(): string {
  if (process.env.HOME) return process.env.HOME;
  try {
    return homedir();
  } catch {
    return "/";
  }
}

export const currentFolder = (): string => process.cwd();
export const platform = (): string => process.platform;
export const processId = (): number => process.pid;

/** The system and the runtime, for whoever has to find a fault. */
export function machineFacts(): Record<string, string> {
  const { bun, deno, node } = process.versions as Record<string, string | undefined>;
  const runtime = bun !== undefined ? `bun ${bun}` : deno !== undefined ? `deno ${deno}` : `node ${node}`;
  return { system: process.platform, release: release(), architecture: arch(), runtime };
}

/** Whether a process with this id is alive (also when it belongs to someone else). */
export function isProcessAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as { code?: string }).code === "EPERM";
  }
}

/** Calls `handler` at each Ctrl-C or polite request to end; returns a function that stops listening. */
export function onInterrupt(handler: () => void): () => void {
  const signals = process.platform === "win32" ? ["SIGINT"] as const : ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, handler);
  return () => {
    for (const signal of signals) process.off(signal, handler);
  };
}

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
