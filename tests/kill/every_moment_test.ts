/** A short form of `run_every_moment.ts`. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { killAndGoOn, runUndisturbed, tryAll } from "./every_moment.ts";
import { evenly } from "./kill_point.ts";
import { SCENARIOS } from "./kill_scenarios.ts";

const AT_ONCE = 4;
const MOST_POINTS = 3;
const LIMIT_MS = 120_000;
const CHOSEN: ReadonlySet<string> = new Set([
  "import with rejects",
  "export to a file",
  "export to a folder",
  "copy of events",
  "backup that is renewed",
]);

describe("a job that is killed while it changes a file", () => {
  for (const scenario of SCENARIOS.filter(({ name }) => CHOSEN.has(name))) {
    it(`goes on with the same command: ${scenario.name}`, { timeout: LIMIT_MS }, async () => {
      const whole = await runUndisturbed(scenario);
      const points = evenly(whole.points, MOST_POINTS);
      const { kills, failures } = await tryAll(scenario, whole, points.map((point) => [point]), { atOnce: AT_ONCE });
      assert.deepEqual(failures, []);
      assert.ok(kills > 0);
    });
  }

  it("goes on after each of several kills", { timeout: LIMIT_MS }, async () => {
    const scenario = SCENARIOS.find(({ name }) => name === "import with a checkpoint file")!;
    const whole = await runUndisturbed(scenario);
    const [, second, third] = evenly(whole.points, 4);
    const { kills } = await killAndGoOn(scenario, whole, [second!, third!]);
    assert.ok(kills > 1);
  });
});

describe("an import that is killed when all is done and nothing has been said", () => {
  it("is ended by the same command, which finds its own file of rejects", { timeout: LIMIT_MS }, async () => {
    const scenario = SCENARIOS.find(({ name }) => name === "import with rejects")!;
    const whole = await runUndisturbed(scenario);
    const lastOnes = whole.points.slice(-4).map((point) => [point]);
    const { failures } = await tryAll(scenario, whole, lastOnes, { atOnce: AT_ONCE });
    assert.deepEqual(failures, []);
  });
});
