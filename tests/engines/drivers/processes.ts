/** Engines that are processes of their own. */
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn, type SpawnOptions } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import process from "node:process";
import { createInterface } from "node:readline";

const START_MS = 300_000;
const STOP_MS = 20_000;

// A runner that gives up on a test leaves no server behind.
const running = new Set<ChildProcess>();
process.once("exit", () => running.forEach((child) => child.kill("SIGKILL")));

/** A port of 127.0.0.1 that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** A server and the end of what it said. */
export interface ServerProcess {
  /** Resolves when `isUp` does not throw. @throws when the process ends first, with what it said */
  up(isUp: () => Promise<unknown>): Promise<void>;
  /** What comes on a line of its own after `@`. */
  said(): Promise<string>;
  stop(signal?: "SIGTERM" | "SIGINT"): Promise<void>;
}

export function startServer(argv: readonly string[], options: SpawnOptions = {}): ServerProcess {
  const child = spawn(argv[0]!, argv.slice(1), { ...options, stdio: ["ignore", "pipe", "pipe"] });
  running.add(child);
  let said = "";
  const listen = (part: unknown) => said = `${said}${part}`.slice(-5000);
  child.stdout!.on("data", listen);
  child.stderr!.on("data", listen);
  let ended = false;
  const end = once(child, "exit").then(() => {
    ended = true;
    running.delete(child);
  });
  return {
    async up(isUp) {
      const limit = Date.now() + START_MS;
      for (;;) {
        try {
          return void await isUp();
        } catch (error) {
          // expected: it takes its time to start
          if (ended || Date.now() > limit) throw new Error(`${argv[0]} did not start: ${said}`, { cause: error });
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    },
    async said() {
      const limit = Date.now() + START_MS;
      for (;;) {
        const line = /^@(.*)\n/m.exec(said)?.[1];
        if (line !== undefined) return line;
        if (ended || Date.now() > limit) throw new Error(`${argv[0]} did not start: ${said}`);
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    async stop(signal = "SIGTERM") {
      child.kill(signal);
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await end;
      clearTimeout(timer);
    },
  };
}

/** A process that gets a line of JSON and answers with one: `{answer}` or `{error}`. */
export interface LineProcess {
  ask(question: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

export function startLines(argv: readonly string[], env: Record<string, string | undefined> = {}): LineProcess {
  const child: ChildProcessWithoutNullStreams = spawn(argv[0]!, argv.slice(1), { env: { ...process.env, ...env } });
  running.add(child);
  let said = "";
  child.stderr.on("data", (part) => said = `${said}${part}`.slice(-5000));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const end = once(child, "exit").then(() => running.delete(child));
  return {
    async ask(question) {
      child.stdin.write(`${JSON.stringify(question)}\n`);
      for (;;) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`${argv[0]} ended: ${said}`);
        // Engines say other things as well.
        if (!value.startsWith("@")) continue;
        const { answer, error } = JSON.parse(value.slice(1)) as { answer?: unknown; error?: string };
        if (error !== undefined) throw new Error(error);
        return answer;
      }
    },
    async stop() {
      child.stdin.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), STOP_MS);
      await end;
      clearTimeout(timer);
    },
  };
}
