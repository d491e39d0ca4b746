/** Starts servers for benchmarks in processes of their own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { BUN, ROOT } from "../project.ts";
import { type Usage, usageOf } from "./measure_process.ts";

export interface Emulator {
  url: string;
  pid: number;
  /** The variables that point `mp` at it. */
  variables: Record<string, string>;
  /** What it has used so far. */
  usage(): Usage;
  stop(): Promise<void>;
}

/** Starts `mp sandbox` on a port that is free, and waits until it serves. */
export async function startEmulator(binary: string, home: string, args: readonly string[] = []): Promise<Emulator> {
  const env = { PATH: process.env.PATH ?? "", HOME: home };
  const child = spawn(binary, ["sandbox", "--port", "0", ...args], { env, stdio: ["ignore", "pipe", "ignore"] });
  const exited = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const variables: Record<string, string> = {};
  for await (const line of createInterface(child.stdout)) {
    const [, name, value] = /^export (\w+)='?([^']*)'?$/.exec(line) ?? [];
    if (name !== undefined) variables[name] = value!;
    if (Object.hasOwn(variables, "MP_API_BASE_URL") && Object.hasOwn(variables, "MP_TOKEN")) break;
  }
  const url = variables.MP_API_BASE_URL;
  if (url === undefined) throw new Error("The emulator did not start");
  return {
    url,
    pid: child.pid!,
    variables,
    usage: () => usageOf(child.pid!),
    stop: async () => {
      child.kill("SIGINT");
      await exited;
    },
  };
}

/** Starts a server that does nothing with what is imported. */
export async function startSink(): Promise<{ url: string; stop(): void }> {
  const script = join(ROOT, "scripts", "bench", "servers", "sink.ts");
  const child = spawn(BUN, [script], { stdio: ["pipe", "pipe", "inherit"] });
  const port = await new Promise<string>((resolve) => createInterface(child.stdout).once("line", resolve));
  return { url: `http://127.0.0.1:${port}`, stop: () => void child.stdin.end() };
}
