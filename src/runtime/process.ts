/**
 * The process: arguments, processEnvironment, signals. It is loaded by every command, `--version` too, and loads little:
 * on Deno not even `node:process`, which takes as long as everything else that a program needs to start. So the global is
 * used, which Deno makes when it is first touched, and where it has its own way, that is taken.
 */

type Signal = "SIGINT" | "SIGTERM" | "SIGHUP";

declare const Deno: {
  args: string[];
  build: { os: string };
  env: { toObject(): Record<string, string> };
  exit(code: number): never;
  addSignalListener(signal: Signal, handler: () => void): void;
  removeSignalListener(signal: Signal, handler: () => void): void;
} | undefined;

/** The arguments after the program's name. */
export function programArguments(): string[] {
  return typeof Deno === "object" ? [...Deno.args] : process.argv.slice(2);
}

/** Variables by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

export function processEnvironment(): Record<string, string | undefined> {
  // On Windows a variable is found whatever the case of its name, which a plain object cannot do.
  return typeof Deno === "object" && Deno.build.os !== "windows" ? Deno.env.toObject() : process.env;
}

export function exit(code: number): never {
  return typeof Deno === "object" ? Deno.exit(code) : process.exit(code);
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

/** What asks a process politely to end; Windows knows but one of them. */
function interrupts(): readonly Signal[] {
  const isWindows = typeof Deno === "object" ? Deno.build.os === "windows" : process.platform === "win32";
  return isWindows ? ["SIGINT"] : ["SIGINT", "SIGTERM", "SIGHUP"];
}

/** What is called when somebody asks the process to end. */
const listening = new Set<() => void>();

function listen(handler: () => void): void {
  for (const signal of interrupts()) {
    if (typeof Deno === "object") Deno.addSignalListener(signal, handler);
    else process.on(signal, handler);
  }
}

function unlisten(handler: () => void): void {
  for (const signal of interrupts()) {
    if (typeof Deno === "object") Deno.removeSignalListener(signal, handler);
    else process.off(signal, handler);
  }
}

/** Calls `handler` at each Ctrl-C or polite request to end; returns a function that stops listening. */
export function onInterrupt(handler: () => void): () => void {
  listening.add(handler);
  listen(handler);
  return () => {
    listening.delete(handler);
    unlisten(handler);
  };
}

/** Does work during which no handler could be called, and which may never end: an interrupt ends the process itself. */
export function endedByInterrupt<T>(work: () => T): T {
  for (const handler of listening) unlisten(handler);
  try {
    return work();
  } finally {
    for (const handler of listening) listen(handler);
  }
}
