import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { systemClock } from "../../src/runtime/clock.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

const REASON = new Error("stopped");

for (const [name, clock] of [["the system's clock", systemClock], ["the tests' clock", fakeClock()]] as const) {
  describe(name, () => {
    it("has moved on after a pause", async () => {
      const before = clock.now();
      await clock.sleep(5);
      // A timer may come up to a millisecond early.
      assert.ok(clock.now() - before >= 4);
    });

    it("rejects a pause with the reason of a signal that is aborted already", async () => {
      await assert.rejects(clock.sleep(60_000, AbortSignal.abort(REASON)), REASON);
    });

    it("draws numbers from 0 to below 1", () => {
      const drawn = clock.random();
      assert.ok(drawn >= 0 && drawn < 1);
    });
  });
}

describe("the system's clock", () => {
  it("does not end a pause at once that is longer than a timer can be", async () => {
    for (const milliseconds of [2 ** 31, 3_000_000_000, Number.MAX_SAFE_INTEGER, Infinity]) {
      const stopper = new AbortController();
      const pause = systemClock.sleep(milliseconds, stopper.signal).then(() => "over", () => "stopped");
      const first = await Promise.race([pause, systemClock.sleep(20).then(() => "it goes on")]);
      stopper.abort(REASON);
      assert.equal(first, "it goes on", String(milliseconds));
      assert.equal(await pause, "stopped");
    }
  });

  it("ends a pause when the signal is aborted meanwhile", async () => {
    const stopper = new AbortController();
    const pause = systemClock.sleep(60_000, stopper.signal);
    stopper.abort(REASON);
    await assert.rejects(pause, REASON);
  });
});
