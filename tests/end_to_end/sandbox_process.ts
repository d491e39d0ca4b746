/** `mp sandbox` as a process of its own, and `mp` pointed at it by the variables that it prints. */
import { type BinaryOptions, type BinaryResult, runBinary, spawnBinary } from "../helpers/binary.ts";
import { addFaults } from "../helpers/sandbox_faults.ts";

export interface SandboxProcess {
  readonly url: string;
  /** The variables that it printed. */
  readonly env: Record<string, string>;
  /** What it said on standard error. */
  readonly notes: string;
  /** Runs `mp` with these variables; those of the options go before. */
  mp(args: string[], options?: BinaryOptions): Promise<BinaryResult>;
  /** Makes requests go wrong from now on; see `src/sandbox/faults.ts`. */
  addFaults(...faults: Record<string, unknown>[]): Promise<void>;
  /** Takes all faults back; returns how many times they had yet to strike. */
  clearFaults(): Promise<number>;
  stop(): Promise<BinaryResult>;
}

/** Starts a sandbox on a port of its own, with demo data when their number is given, and with more flags. */
export async function startSandboxProcess(
  demo?: { events: number; days: number },
  flags: readonly string[] = [],
): Promise<SandboxProcess> {
  const data = demo === undefined ? [] : ["--demo", "--events", String(demo.events), "--days", String(demo.days)];
  const running = await spawnBinary(["sandbox", "--port", "0", ...data, ...flags], { ready: /^export MP_TOKEN=.+\n/m });
  const env = readExports(running.output().stdout);
  const url = env.MP_API_BASE_URL!;
  return {
    url,
    env,
    notes: running.output().stderr,
    mp: (args, options = {}) => runBinary(args, { ...options, env: { ...env, ...options.env } }),
    async addFaults(...faults) {
      await addFaults(url, faults);
    },
    async clearFaults() {
      const { faults } = await (await fetch(`${url}/sandbox/state`)).json() as { faults: { times: number }[] };
      await (await fetch(`${url}/sandbox/faults`, { method: "DELETE" })).body?.cancel();
      return faults.reduce((sum, { times }) => sum + times, 0);
    },
    stop: () => running.stop(),
  };
}

/** Reads `export NAME=value` lines. */
export function readExports(text: string): Record<string, string> {
  return Object.fromEntries([...text.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]));
}

/** Flags for the days of `--last`, which stay the same when midnight comes between two commands. */
export function lastDays(days: number): string[] {
  return ["--from", dayBefore(days - 1), "--to", dayBefore(0)];
}

/** The day so many days before today, in UTC. */
export function dayBefore(days: number): string {
  return new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
}
