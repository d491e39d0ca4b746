/**
 * Kills each job at each of its changes of the file system, before it, after it and halfway through what is written, and
 * runs the same command again; then kills the runs that go on as well:
 *
 *     bun tests/kill/run_every_moment.ts [--only import] [--most 1000] [--double 60] [--seed N] [--at-once 2]
 *
 * It runs the sources, with MP_TEST_RUNTIME=deno on Deno, or the binary that MP_TEST_BINARY names. It ends with 1 when a
 * result is another one than that of a run that nothing happened to.
 */
import process from "node:process";
import { counted, readOptions, refuse } from "../../scripts/usage.ts";
import { seededRandom } from "../helpers/random.ts";
import { runUndisturbed, tryAll } from "./every_moment.ts";
import { evenly } from "./kill_point.ts";
import { SCENARIOS } from "./kill_scenarios.ts";
import { anySeed } from "./trials.ts";

const USAGE = `Usage: npm run test:kills -- [flags]

  --only WORD    the jobs with this word in their name; default all
  --most N       how many points of a job are tried; default 1000
  --double N     how many runs are killed several times; default 60
  --seed N       what the choice of those begins with; default any
  --at POINTS    one run that is killed at these points, such as 12:before
  --at-once N    how many runs go on at a time; default 2`;

const { values } = readOptions(USAGE, {
  options: {
    only: { type: "string", default: "" },
    most: { type: "string", default: "1000" },
    double: { type: "string", default: "60" },
    seed: { type: "string", default: String(anySeed()) },
    at: { type: "string" },
    "at-once": { type: "string", default: "2" },
  },
});
const scenarios = SCENARIOS.filter(({ name }) => name.includes(values.only));
if (scenarios.length === 0) {
  refuse(`Cannot kill '${values.only}': no such job`, `they are ${SCENARIOS.map(({ name }) => name).join(", ")}`);
}
const options = { atOnce: Number(values["at-once"]), onFailure: (failure: string) => console.error(`${failure}\n`) };
const random = seededRandom(Number(values.seed));
const total = { points: 0, kills: 0, runs: 0, failures: 0 };
for (const scenario of scenarios) {
  const startedMs = performance.now();
  const whole = await runUndisturbed(scenario);
  const { points } = whole;
  const single = evenly(points, Number(values.most)).map((point) => [point]);
  const any = () => points[random.below(points.length)]!;
  const several = Array.from({ length: Number(values.double) }, () => [any(), any(), any()]);
  const given = values.at?.split(",").map((text) =>
    points.find((one) => text === `${one.change}:${one.moment}`) ??
      refuse(
        `Cannot kill ${scenario.name} at '${text}': no such point`,
        "one is written 12:before, 12:half or 12:after",
      )
  );
  const { kills, runs, failures } = await tryAll(
    scenario,
    whole,
    given === undefined ? [...single, ...several] : [given],
    options,
  );
  total.points += points.length;
  total.kills += kills;
  total.runs += runs;
  total.failures += failures.length;
  const seconds = ((performance.now() - startedMs) / 1000).toFixed(0);
  console.log(
    `${scenario.name}: ${counted(points.length, "point")}, ${
      counted(runs, "run")
    }, ${kills} of them killed, ${failures.length} failed (${seconds} s)`,
  );
}
console.log(
  `All (seed ${values.seed}): ${counted(total.points, "point")}, ${
    counted(total.runs, "run")
  }, ${total.kills} of them killed, ${total.failures} failed`,
);
process.exitCode = total.failures > 0 ? 1 : 0;
