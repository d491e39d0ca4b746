/** Many trials, a few at a time. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { exportTrial } from "./export_trial.ts";
import { importTrial } from "./import_trial.ts";
import { type Random, seededRandom } from "../helpers/random.ts";
import type { Trial } from "./trial.ts";

export type Kind = "export" | "import";

const KINDS: Record<Kind, (random: Random, folder: string) => Promise<Trial>> = {
  export: exportTrial,
  import: importTrial,
};

/** Runs trial number `index` of a seed. Throws when anything was lost or invented; the message says how to repeat it. */
export async function runTrial(kind: Kind, seed: number, index: number): Promise<Trial> {
  const folder = mkdtempSync(join(tmpdir(), "mp-kill-"));
  try {
    return await KINDS[kind](seededRandom(seed * 1000 + index), folder);
  } catch (error) {
    const repeat = `bun tests/kill/run.ts --kind ${kind} --seed ${seed} --first ${index} --runs 1`;
    throw new Error(`${(error as Error).message}\nTo repeat: ${repeat}`, { cause: error });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What became of many trials. */
export interface Trials {
  /** Runs that were killed. */
  kills: number;
  /** All runs. */
  runs: number;
  failures: Error[];
}

/** Runs trials `first` to `first + count - 1`, several at a time, and tells of each. */
export async function runTrials(
  kind: Kind,
  options: {
    seed: number;
    first?: number;
    count: number;
    atOnce: number;
    onTrial?: (index: number, result: Trial | Error) => void;
  },
): Promise<Trials> {
  const { seed, first = 0, count, atOnce, onTrial = () => {} } = options;
  const all: Trials = { kills: 0, runs: 0, failures: [] };
  let next = first;
  const work = async () => {
    while (next < first + count) {
      const index = next++;
      try {
        const trial = await runTrial(kind, seed, index);
        all.kills += trial.kills;
        all.runs += trial.kills + trial.runs;
        onTrial(index, trial);
      } catch (error) {
        all.failures.push(error as Error);
        onTrial(index, error as Error);
      }
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return all;
}

/** A seed that nobody has chosen. */
export function anySeed(): number {
  return Math.floor(Math.random() * 1_000_000);
}
