/** What trials have in common: a program is started, killed, started again, and at last left alone. */
import type { Random } from "../helpers/random.ts";
import { type Ended, runProgram } from "./killed_program.ts";

/** What happened in a trial, for the report. */
export interface Trial {
  what: string;
  kills: number;
  /** Runs that were not killed: those that failed, and the last. */
  runs: number;
}

/** A server that has used up its faults lets everything pass, so that so many runs are enough. */
const MOST_RUNS = 8;
/** How long runs take where nothing is known yet. */
const FIRST_GUESS_MS = 1500;
/** Exit codes of a run that the server's or the network's faults end. */
const FAULT_CODES: ReadonlySet<number> = new Set([1, 5, 6, 7]);

/** How long runs of each command take here that are left alone; the moments of the kills lie within it. */
const typicalMs = new Map<string, number>();

/**
 * Kills the program two to six times at random moments, then runs it until it succeeds.
 *
 * @throws Error when it hangs, does not succeed in the end, or ends with a code that says that something else is wrong
 */
export async function runUntilDone(
  what: string,
  args: readonly string[],
  random: Random,
  options: { url: string; home: string; doneCodes?: readonly number[]; afterKill?: () => void },
): Promise<Trial> {
  const { url, home, doneCodes = [0] } = options;
  const isDone = ({ code }: Ended) => code !== undefined && doneCodes.includes(code);
  const trial = { what, kills: 0, runs: 0 };
  const describe = (ended: Ended) =>
    `${what}: mp ${args.join(" ")} ended with ${ended.code}: ${ended.stderr.slice(-2000)}`;
  const command = args[0]!;
  for (let kill = 2 + random.below(5); kill > 0; kill--) {
    const killAfterMs = Math.round(random.next() * (typicalMs.get(command) ?? FIRST_GUESS_MS));
    const signal = random.chance(0.2) ? "SIGINT" : "SIGKILL";
    const ended = await runProgram(args, { url, home, killAfterMs, signal });
    const wasKilled = ended.code === undefined || ended.code === 130;
    if (wasKilled) trial.kills++;
    else if (isDone(ended)) return { ...trial, runs: trial.runs + 1 };
    else if (!FAULT_CODES.has(ended.code!)) throw new Error(describe(ended));
    options.afterKill?.();
  }
  for (;;) {
    trial.runs++;
    const ended = await runProgram(args, { url, home });
    if (isDone(ended)) {
      typicalMs.set(command, ((typicalMs.get(command) ?? FIRST_GUESS_MS) * 3 + ended.elapsedMs) / 4);
      return trial;
    }
    if (ended.code === undefined || !FAULT_CODES.has(ended.code) || trial.runs >= MOST_RUNS) {
      throw new Error(describe(ended));
    }
    options.afterKill?.();
  }
}
