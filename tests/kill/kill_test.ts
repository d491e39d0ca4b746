/** A short form of `run.ts`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { anySeed, type Kind, runTrials } from "./trials.ts";

const TRIALS = 6;
const AT_ONCE = 4;
const LIMIT_MS = 120_000;

describe("a program that is killed at any moment and run again", () => {
  const seed = anySeed();

  const run = async (kind: Kind) => {
    const { kills, failures } = await runTrials(kind, { seed, count: TRIALS, atOnce: AT_ONCE });
    assert.deepEqual(failures, []);
    // Whether a run is killed or ends before is chance, but not in all of them.
    assert.ok(kills > 0);
  };

  it(`exports every event once (seed ${seed})`, { timeout: LIMIT_MS }, () => run("export"));

  it(
    `imports every event once and accounts for each rejected one (seed ${seed})`,
    { timeout: LIMIT_MS },
    () => run("import"),
  );
});
