/** The process: arguments, processEnvironment, signals. It is loaded by every command, `--version` too, and loads little. */
import process from "node:process";

declare const Deno: { args: string[]; exit(code: number): never } | undefined;

/** The arguments after the program's name. */
export function programArguments(): string[] {
  return typeof Deno === "object" ? [...Deno.args] : process.argv.slice(2);
}

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function processEnvironment(): Record<string, string | undefined> {
  return process.env;
}

export function exit(code: number): never {
  return process.exit(code);
}

/** The user's home; for a user id that nobody has set up, as in a container, the root folder, as Docker has it. */
export function homeFolder(): string {
  if (process.env.HOME) return process.env.HOME;
  try {
    // Deno says null of whom it does not know.
    return system().homedir() || "/";
  } catch (error) {
    // Whom nobody has set up is in no list of users.
    if (["ERR_SYSTEM_ERROR", "ENOENT"].includes((error as { code?: string }).code ?? "")) return "/";
    throw error;
  }
}

/** Loaded when it is asked for: it costs a part of a millisecond of start-up. */
function system(): typeof import("node:os") {
  return process.getBuiltinModule("node:os") as typeof import("node:os");
}

/** The number of the user whose rights this process has; undefined on Windows. */
export const userId = (): number | undefined => process.geteuid?.() ?? process.getuid?.();

export const platform = (): string => process.platform;
export const processId = (): number => process.pid;

/** The system and the runtime, for whoever has to find a fault. */
export function machineInfo(): Record<string, string> {
  const { bun, deno, node } = process.versions as Record<string, string | undefined>;
  const runtime = bun !== undefined ? `bun ${bun}` : deno !== undefined ? `deno ${deno}` : `node ${node}`;
  return { system: process.platform, release: system().release(), architecture: system().arch(), runtime };
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

const interrupts = () => process.platform === "win32" ? ["SIGINT"] as const : ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** Calls `handler` at each Ctrl-C or polite request to end; returns a function that stops listening. */
export function onInterrupt(handler: () => void): () => void {
  for (const signal of interrupts()) process.on(signal, handler);
  return () => {
    for (const signal of interrupts()) process.off(signal, handler);
  };
}

/** Does work during which no handler could be called, and which may never end: an interrupt ends the process itself. */
export function endedByInterrupt<T>(work: () => T): T {
  const handlers = interrupts().map((signal) => [signal, process.listeners(signal)] as const);
  for (const [signal, all] of handlers) for (const one of all) process.off(signal, one);
  try {
    return work();
  } finally {
    for (const [signal, all] of handlers) for (const one of all) process.on(signal, one);
  }
}
