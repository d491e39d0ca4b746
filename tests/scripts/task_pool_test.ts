import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type PoolOptions, runTasks, type Task } from "../../scripts/task_pool.ts";

/** Tasks that note when they start and end, and yield once between. */
function tasksOf(log: string[], specs: { name: string; after?: string[]; result?: string }[]): Task<string>[] {
  return specs.map(({ name, after, result = "good" }) => ({
    name,
    after,
    async run() {
      log.push(`+${name}`);
      await Promise.resolve();
      log.push(`-${name}`);
      if (result === "throws") throw new Error(`${name} broke`);
      return result;
    },
  }));
}

const options = (width: number): PoolOptions<string> => ({
  width,
  succeeded: (result) => result === "good",
  failure: (_task, reason) => `failed: ${reason.split("\n")[0]}`,
});

describe("the task pool", () => {
  it("runs no more than its width at once", async () => {
    const log: string[] = [];
    const results = await runTasks(tasksOf(log, [{ name: "a" }, { name: "b" }, { name: "c" }]), options(1));
    assert.deepEqual(log, ["+a", "-a", "+b", "-b", "+c", "-c"]);
    assert.deepEqual([...results.values()], ["good", "good", "good"]);
  });

  it("starts a later task while an earlier one waits for what it needs", async () => {
    const log: string[] = [];
    await runTasks(tasksOf(log, [{ name: "a", after: ["c"] }, { name: "b" }, { name: "c" }]), options(2));
    assert.ok(log.indexOf("+a") > log.indexOf("-c"));
    assert.deepEqual(log.slice(0, 2), ["+b", "+c"]);
  });

  it("does not run what depends on a failure, and says so", async () => {
    const log: string[] = [];
    const specs = [{ name: "a", result: "bad" }, { name: "b", after: ["a"] }, { name: "c", after: ["b"] }];
    const results = await runTasks(tasksOf(log, specs), options(2));
    assert.deepEqual(log, ["+a", "-a"]);
    assert.equal(results.get("b"), 'failed: Not run, because "a" failed');
    assert.equal(results.get("c"), 'failed: Not run, because "b" failed');
  });

  it("turns a throw into a failure and goes on", async () => {
    const results = await runTasks(tasksOf([], [{ name: "a", result: "throws" }, { name: "b" }]), options(1));
    assert.match(results.get("a")!, /a broke/);
    assert.equal(results.get("b"), "good");
  });

  it("overlooks a need for a task that was not chosen", async () => {
    const results = await runTasks(tasksOf([], [{ name: "a", after: ["build"] }]), options(1));
    assert.equal(results.get("a"), "good");
  });

  it("refuses tasks that wait for each other", async () => {
    const circle = tasksOf([], [{ name: "a", after: ["b"] }, { name: "b", after: ["a"] }]);
    await assert.rejects(runTasks(circle, options(2)), /wait for each other: a,b/);
  });
});
