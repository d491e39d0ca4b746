import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { Attempts, type AttemptsOptions, Failed, type RetryRule } from "../../src/client/attempts.ts";
import { MpError } from "../../src/errors.ts";
import { fakeClock } from "../helpers/fake_clock.ts";

const BUSY: RetryRule = {
  matches: ({ status }) => status === 503,
  attempts: 4,
  attemptsUnanswered: 2,
  backoff: { firstMs: 100, mostMs: 300, jitter: 0 },
};
const LIMITED: RetryRule = {
  matches: ({ status }) => status === 429,
  attempts: 3,
  backoff: { firstMs: 10, mostMs: 1000, growth: 10, jitter: 0 },
  retryAfter: { mostMs: 5000, isCut: true },
  isWait: true,
  isUnexecuted: true,
};
const failed = (status: number, retryAfterSeconds?: number) =>
  new Failed(new MpError(String(status), { category: "server", status, retryAfterSeconds }), `answered ${status}`);

/** Attempts that fail with these statuses one after the other, and then succeed. */
function tried(statuses: number[], options: Partial<AttemptsOptions> = {}) {
  const clock = fakeClock();
  const attempts = new Attempts({ rules: [BUSY, LIMITED], clock, ...options });
  const left = [...statuses];
  const attempt = () => Promise.resolve(left.length === 0 ? "done" : failed(left.shift() as number));
  return { clock, attempts, attempt, run: () => attempts.run<string>(attempt) };
}

describe("attempts", () => {
  it("wait longer each time, up to the most, and end with the result", async () => {
    const { run, clock } = tried([503, 503, 503]);
    assert.equal(await run(), "done");
    assert.deepEqual(clock.sleeps, [100, 200, 300]);
  });

  it("end with the error of the last one", async () => {
    const { run, clock } = tried([503, 503, 503, 503]);
    await assert.rejects(run(), { message: "503" });
    assert.equal(clock.sleeps.length, 3);
  });

  it("end at once with a failure that no rule knows, and with whatever is thrown", async () => {
    await assert.rejects(tried([404]).run(), { message: "404" });
    const { attempts, clock } = tried([]);
    await assert.rejects(attempts.run(() => Promise.reject(failed(503).error)), { message: "503" });
    assert.deepEqual(clock.sleeps, []);
  });

  it("count what only waits apart", async () => {
    const { run, clock } = tried([503, 429, 503, 429, 503]);
    assert.equal(await run(), "done");
    assert.deepEqual(clock.sleeps, [100, 10, 200, 100, 300]);
  });

  it("are fewer while the server has not answered", async () => {
    await assert.rejects(tried([503, 503], { hasAnswered: () => false }).run(), { message: "503" });
    assert.equal(await tried([503, 503], { hasAnswered: () => true }).run(), "done");
  });

  it("repeat what may not be repeated only where it was not executed", async () => {
    await assert.rejects(tried([503], { repeatable: false }).run(), { message: "503" });
    assert.equal(await tried([429], { repeatable: false }).run(), "done");
  });

  it("obey the server, as far as the rule goes", async () => {
    const { attempts, clock } = tried([]);
    await attempts.waitAfter(failed(429, 2));
    await attempts.waitAfter(failed(429, 3600));
    await attempts.waitAfter(failed(503, 3600));
    assert.deepEqual(clock.sleeps, [2000, 5000, 100]);
  });

  it("tell of each wait, and of its end even when it is interrupted", async () => {
    const told: unknown[] = [];
    const stopper = new AbortController();
    const { run } = tried([503, 503], {
      signal: stopper.signal,
      onWait: (wait) => {
        told.push(wait);
        if (told.length === 3) stopper.abort(new Error("stopped"));
      },
    });
    await assert.rejects(run(), { message: "stopped" });
    const wait = (milliseconds: number) => ({ reason: "answered 503", milliseconds });
    assert.deepEqual(told, [wait(100), undefined, wait(200), undefined]);
  });

  it("end with what is returned in place of another one", async () => {
    const { attempts, attempt, clock } = tried([503, 503, 503]);
    const result = await attempts.run<string>(
      attempt,
      (_, { delayMs }, failures) => failures === 2 ? `halves after ${delayMs}` : undefined,
    );
    assert.equal(result, "halves after 200");
    assert.deepEqual(clock.sleeps, [100]);
  });

  it("start over when something has come of one", async () => {
    const { attempts, clock } = tried([]);
    for (let turn = 0; turn < 5; turn++) {
      await attempts.waitAfter(failed(503));
      attempts.startAnew();
    }
    assert.deepEqual(clock.sleeps, Array(5).fill(100));
  });
});
