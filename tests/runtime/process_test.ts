import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { isProcessAlive, onInterrupt, processId } from "../../src/runtime/process.ts";
import { runShell } from "../../src/runtime/shell.ts";

const LONG = { timeoutMs: 60_000 };

describe("a command for the shell", () => {
  it("gives its output, its errors and its code", async () => {
    assert.deepEqual(await runShell("echo out; echo err >&2; exit 3", LONG), {
      code: 3,
      stdout: "out\n",
      stderr: "err\n",
    });
    assert.deepEqual(await runShell("no-such-command-at-all 2>/dev/null", LONG), { code: 127, stdout: "", stderr: "" });
  });

  it("has nothing to read, so that it cannot wait for an answer", async () => {
    assert.deepEqual(await runShell("cat", LONG), { code: 0, stdout: "", stderr: "" });
  });

  it("keeps characters whole", async () => {
    assert.equal((await runShell(`printf 'ü%.0s' $(seq 1 40000)`, LONG)).stdout, "ü".repeat(40_000));
  });

  it("is ended when its time is over", async () => {
    const { code } = await runShell("exec sleep 60", { timeoutMs: 20 });
    assert.equal(code, -1);
  });

  it("is ended by a signal", async () => {
    const controller = new AbortController();
    const running = runShell("exec sleep 60", { ...LONG, signal: controller.signal });
    controller.abort();
    await assert.rejects(running, { name: "AbortError" });
    await assert.rejects(runShell("echo x", { ...LONG, signal: AbortSignal.abort() }), { name: "AbortError" });
  });
});

describe("processes", () => {
  it("are known to be alive or not", async () => {
    assert.ok(isProcessAlive(processId()));
    const { stdout } = await runShell("echo $$", LONG);
    assert.ok(!isProcessAlive(Number(stdout)));
  });

  it("hear of every polite way to end them, until they stop listening", () => {
    const before = process.listenerCount("SIGTERM");
    let heard = 0;
    const stop = onInterrupt(() => heard++);
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.emit(signal);
    stop();
    assert.equal(heard, 3);
    assert.equal(process.listenerCount("SIGTERM"), before);
  });
});
