import assert from "node:assert/strict";
import process from "node:process";
import { describe, it } from "node:test";
import { endedByInterrupt, isProcessAlive, onInterrupt, processId } from "../../src/runtime/process.ts";
import { runShell } from "../../src/runtime/shell.ts";
import { itUnless } from "../helpers/needs.ts";

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

/** Sends this process a signal, and waits until a count of those that were heard has grown. */
async function sent(signal: "SIGTERM" | "SIGHUP", heard: () => number): Promise<void> {
  const before = heard();
  process.kill(process.pid, signal);
  for (let waits = 0; waits < 2000 && heard() === before; waits++) {
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.equal(heard(), before + 1, signal);
}

describe("processes", () => {
  it("are known to be alive or not", async () => {
    assert.ok(isProcessAlive(processId()));
    const { stdout } = await runShell("echo $$", LONG);
    assert.ok(!isProcessAlive(Number(stdout)));
  });

  itUnless(
    process.platform === "win32" && "Windows has one way",
    "hear of every polite way to end them, until they stop listening",
    async () => {
      const before = process.listenerCount("SIGTERM");
      // What is listening to the end keeps this process alive.
      let heardLast = 0;
      const stopLast = onInterrupt(() => heardLast++);
      let heard = 0;
      const stop = onInterrupt(() => heard++);
      // The third, SIGINT, is what `deno test` takes for itself; `world_test.ts` sends it to a process of its own.
      for (const signal of ["SIGTERM", "SIGHUP"] as const) await sent(signal, () => heardLast);
      assert.equal(heard, 2);
      stop();
      await sent("SIGHUP", () => heardLast);
      assert.equal(heard, 2);
      stopLast();
      assert.equal(process.listenerCount("SIGTERM"), before);
    },
  );

  itUnless(
    process.platform === "win32" && "Windows has one way",
    "are ended by an interrupt during work that lets no handler be called, and listen again after it",
    async () => {
      let heard = 0;
      const stop = onInterrupt(() => heard++);
      assert.equal(endedByInterrupt(() => process.listenerCount("SIGTERM")), 0);
      await sent("SIGTERM", () => heard);
      stop();
      assert.equal(heard, 1);
    },
  );
});
