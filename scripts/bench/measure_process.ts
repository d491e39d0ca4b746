/** Runs a program and measures its time and its peak of memory. */
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";

export interface Usage {
  /** Peak of resident memory in bytes, or 0 where the system does not tell (it is read from /proc). */
  peakBytes: number;
  /** Of all threads, in user and system mode. */
  cpuSeconds: number;
}

export interface Measurement extends Usage {
  seconds: number;
}

/** Linux counts processor time in hundredths of a second. */
const TICKS = 100;

const POLL_MS = 10;
/** Whatever takes longer hangs, unless it is known to take long. */
const LIMIT_MS = 300_000;

/** Runs a program to its end. Its output goes to `stdout`, a path. Throws when it ends with another code than expected. */
export async function measureProcess(
  argv: readonly string[],
  options: { env: Record<string, string>; stdout: string; exitCode?: number; limitMs?: number },
): Promise<Measurement> {
  const [program, ...args] = argv as [string, ...string[]];
  const stdout = openSync(options.stdout, "w");
  const startedMs = performance.now();
  const child = spawn(program, args, { env: options.env, stdio: ["ignore", stdout, "pipe"] });
  let said = "";
  child.stderr?.setEncoding("utf8").on("data", (text: string) => said += text);
  let peakBytes = 0, cpuSeconds = 0;
  // The kernel keeps the peak and the time, so that the last look before the end is enough.
  const poll = setInterval(() => {
    const usage = usageOf(child.pid!);
    peakBytes = Math.max(peakBytes, usage.peakBytes);
    cpuSeconds = Math.max(cpuSeconds, usage.cpuSeconds);
  }, POLL_MS);
  const limit = setTimeout(() => child.kill("SIGKILL"), options.limitMs ?? LIMIT_MS);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", resolve);
  }).finally(() => {
    clearInterval(poll);
    clearTimeout(limit);
    closeSync(stdout);
  });
  const seconds = (performance.now() - startedMs) / 1000;
  if (code !== (options.exitCode ?? 0)) throw new Error(`${argv.join(" ")} ended with ${code}: ${said}`);
  return { seconds, peakBytes, cpuSeconds };
}

/** What a process has used so far; nothing where it has ended, or the system does not tell. */
export function usageOf(pid: number): Usage {
  try {
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    // After the name in parentheses, which may hold anything: user and system time are the 12th and the 13th.
    const fields = readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) /, "").split(" ");
    return { peakBytes: Number(peak ?? 0) * 1024, cpuSeconds: (Number(fields[11]) + Number(fields[12])) / TICKS };
  } catch (error) {
    // expected: ENOENT or ESRCH where there is no /proc, and when the process has gone
    if (!["ENOENT", "ESRCH"].includes((error as { code?: string }).code ?? "")) throw error;
    return { peakBytes: 0, cpuSeconds: 0 };
  }
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] as number;
}
