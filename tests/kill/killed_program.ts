/** Runs `mp` and kills it at a given moment. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import process from "node:process";
import { BUN, DENO, ROOT } from "../../scripts/project.ts";

/** How to start the program: a binary, or the sources on Bun or, with MP_TEST_RUNTIME=deno, on Deno. */
function programUnderTest(preload?: string): { command: string[]; env: Record<string, string> } {
  const { MP_TEST_BINARY: binary, MP_TEST_RUNTIME: runtime } = process.env;
  const preloading = preload === undefined ? [] : ["--preload", preload];
  if (binary !== undefined) return { command: [binary], env: { BUN_OPTIONS: preloading.join(" ") } };
  const main = join(ROOT, "main.ts");
  const command = runtime === "deno"
    ? [DENO, "run", "--allow-all", "--no-check", ...preloading, main]
    : [BUN, ...preloading, main];
  return { command, env: {} };
}

export interface Ended {
  /** Undefined when it was killed. */
  code: number | undefined;
  stderr: string;
  elapsedMs: number;
}

/** Longer than any run here may take. */
const LIMIT_MS = 60_000;

/** Runs the program to its end, or until it is killed after `killAfterMs`. Throws when it hangs. */
export function runProgram(
  args: readonly string[],
  options: {
    url: string;
    /** Also the working folder, unless another is given. */
    home: string;
    cwd?: string;
    /** Added to the environment. */
    env?: Readonly<Record<string, string>>;
    /** A module that is run before the program. */
    preload?: string;
    killAfterMs?: number;
    signal?: "SIGKILL" | "SIGINT";
  },
): Promise<Ended> {
  const { command: [command = "", ...first], env } = programUnderTest(options.preload);
  const startedMs = performance.now();
  const child = spawn(command, [...first, ...args], {
    cwd: options.cwd ?? options.home,
    env: {
      PATH: process.env.PATH,
      HOME: options.home,
      TMPDIR: options.home,
      MP_API_BASE_URL: options.url,
      MP_USERNAME: "user",
      MP_SECRET: "secret",
      MP_TOKEN: "token",
      MP_PROJECT_ID: "1",
      ...env,
      ...options.env,
    } as unknown as NodeJS.ProcessEnv,
    stdio: ["ignore", "ignore", "pipe"],
  });
  let stderr = "";
  child.stderr!.setEncoding("utf8").on("data", (text: string) => stderr += text);
  // Not `child.kill`: after it, Deno reports the signal in place of the exit code.
  const send = (signal: NodeJS.Signals) => {
    try {
      process.kill(child.pid!, signal);
    } catch { /* it has just ended */ }
  };
  return new Promise((resolve, reject) => {
    let hasHung = false;
    const limit = setTimeout(() => {
      hasHung = true;
      send("SIGKILL");
    }, LIMIT_MS);
    const kill = options.killAfterMs === undefined
      ? undefined
      : setTimeout(() => send(options.signal ?? "SIGKILL"), options.killAfterMs);
    child.on("error", reject);
    child.on("close", (code) => {
      clearTimeout(limit);
      clearTimeout(kill);
      const elapsedMs = performance.now() - startedMs;
      if (hasHung) reject(new Error(`mp ${args.join(" ")} hung: ${stderr}`));
      else resolve({ code: code ?? undefined, stderr, elapsedMs });
    });
  });
}
