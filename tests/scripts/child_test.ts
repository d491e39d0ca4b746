import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { BUN, ROOT } from "../../scripts/project.ts";
import { runChild } from "../../scripts/child.ts";

const run = (script: string, timeoutMs = 20_000) =>
  runChild(BUN, ["--eval", script], { cwd: ROOT, env: { PATH: "" }, timeoutMs });

describe("running a program", () => {
  it("collects both streams and the exit code", async () => {
    const { code, output } = await run('console.log("out"); console.error("err"); process.exit(7)');
    assert.equal(code, 7);
    assert.match(output, /out/);
    assert.match(output, /err/);
  });

  it("gives it no input to wait for", async () => {
    assert.deepEqual(await run("console.log((await Bun.stdin.text()).length)"), { code: 0, output: "0\n" });
  });

  it("ends it, and what it started, at the time limit", async () => {
    const grandchild = `Bun.spawn([process.execPath, "--eval", "setInterval(() => {}, 1000)"], { stdout: "inherit" })`;
    const { code, output } = await run(`${grandchild}; console.log("begun"); setInterval(() => {}, 1000)`, 1500);
    // The output only ends when nobody holds it open any more: the grandchild is gone too.
    assert.equal(code, 124);
    assert.match(output, /Ended after 1.5 s: the time limit/);
  });

  it("says so when there is no such program", async () => {
    const { code, output } = await runChild("/no/such/program", [], { cwd: ROOT, timeoutMs: 1000 });
    assert.equal(code, 127);
    assert.match(output, /Cannot start \/no\/such\/program/);
  });
});
