/**
 * Gives damaged exports and imports to what reads them, and compares with the slow and simple way:
 *
 *     bun tests/fuzz/run.ts [--cases 100000] [--target NAME] [--seed N] [--keep-going]
 *
 * The cases are shared among the targets. It ends with 1 at the first failure, or with --keep-going after all cases.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { anySeed, runCase, TARGETS } from "./cases.ts";

/** Failures of a target that are shown; the others are counted. */
const MOST_SHOWN = 3;

const { values } = parseArgs({
  options: {
    cases: { type: "string", default: "100000" },
    target: { type: "string" },
    seed: { type: "string", default: String(anySeed()) },
    "keep-going": { type: "boolean", default: false },
  },
});
const targets = values.target === undefined ? Object.keys(TARGETS) : [values.target];
const unknown = targets.find((name) => !(name in TARGETS));
if (unknown !== undefined) {
  console.error(`Cannot run '${unknown}': no such target\nhint: the targets are ${Object.keys(TARGETS).join(", ")}`);
  process.exit(3);
}
const seed = Number(values.seed);
const cases = Math.ceil(Number(values.cases) / targets.length);
for (const target of targets) {
  const startedMs = performance.now();
  let failed = 0;
  for (let index = 0; index < cases && (failed === 0 || values["keep-going"]); index++) {
    try {
      await runCase(target, seed + index);
    } catch (error) {
      if (failed++ < MOST_SHOWN) console.error(`${target}: ${(error as Error).message}\n`);
    }
  }
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(`${target}: ${cases} cases from seed ${seed}, ${failed} failed (${seconds} s)`);
  if (failed > 0) process.exitCode = 1;
}
