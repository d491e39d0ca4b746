/**
 * Kills exports and imports at random moments, resumes them, and compares what is there in the end with what should be:
 *
 *     bun tests/kill/run.ts [--runs 200] [--kind export|import] [--seed N] [--first 0] [--at-once 4] [--verbose]
 *
 * It runs the sources, or the binary that MP_TEST_BINARY names. It ends with 1 when anything was lost or invented.
 */
import process from "node:process";
import { parseArgs } from "node:util";
import { anySeed, type Kind, runTrials } from "./trials.ts";

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "200" },
    kind: { type: "string" },
    seed: { type: "string", default: String(anySeed()) },
    first: { type: "string", default: "0" },
    "at-once": { type: "string", default: "4" },
    verbose: { type: "boolean", default: false },
  },
});
const kinds: Kind[] = values.kind === undefined ? ["export", "import"] : [values.kind as Kind];
const seed = Number(values.seed);
let failed = 0;
for (const kind of kinds) {
  const startedMs = performance.now();
  const { kills, runs, failures } = await runTrials(kind, {
    seed,
    first: Number(values.first),
    count: Number(values.runs),
    atOnce: Number(values["at-once"]),
    onTrial(index, result) {
      if (result instanceof Error) console.error(`${kind} ${index}: ${result.message}\n`);
      else if (values.verbose) {
        console.error(`${kind} ${index}: ${result.what}: ${result.kills} kills, ${result.runs} runs`);
      }
    },
  });
  failed += failures.length;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(
    `${kind}: ${values.runs} trials of seed ${seed}, ${runs} runs of which ${kills} were killed, ` +
      `${failures.length} failed (${seconds} s)`,
  );
}
process.exitCode = failed > 0 ? 1 : 0;
