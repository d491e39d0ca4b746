import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { type Failure, parseRetryAfterMs, retryDelayMs, type RetryState } from "../../src/client/retry.ts";

const STATE: RetryState = { attempts: 1, waitedMs: 0, patienceMs: 60_000, repeatable: true, random: 0.999999 };
const status = (status: number, retryAfterMs?: number): Failure => ({ kind: "status", status, retryAfterMs });

describe("retryDelayMs", () => {
  it("doubles the longest delay with each attempt", () => {
    const delays = [1, 2, 3, 4].map((attempts) => retryDelayMs(status(503), { ...STATE, attempts }));
    assert.deepEqual(delays, [1000, 2000, 4000, 8000]);
  });

  it("jitters over the whole delay", () => {
    assert.equal(retryDelayMs(status(503), { ...STATE, random: 0 }), 0);
    assert.equal(retryDelayMs(status(503), { ...STATE, attempts: 4, random: 0.25 }), 2000);
  });

  it("ends with the fifth attempt", () => {
    assert.equal(retryDelayMs(status(503), { ...STATE, attempts: 5 }), undefined);
    assert.equal(retryDelayMs(status(429, 1), { ...STATE, attempts: 5 }), undefined);
  });

  for (const code of [500, 502, 503, 504]) {
    it(`repeats after ${code} only what may be repeated`, () => {
      assert.notEqual(retryDelayMs(status(code), STATE), undefined);
      assert.equal(retryDelayMs(status(code), { ...STATE, repeatable: false }), undefined);
    });
  }

  for (const code of [400, 401, 402, 403, 404, 409, 412, 413, 422, 501]) {
    it(`does not repeat after ${code}`, () => assert.equal(retryDelayMs(status(code), STATE), undefined));
  }

  it("repeats anything after 429", () => {
    assert.notEqual(retryDelayMs(status(429), { ...STATE, repeatable: false }), undefined);
  });

  it("waits exactly as long as it is asked to, while patience lasts", () => {
    assert.equal(retryDelayMs(status(429, 60_000), STATE), 60_000);
    assert.equal(retryDelayMs(status(429, 60_001), STATE), undefined);
    assert.equal(retryDelayMs(status(503, 5000), { ...STATE, waitedMs: 55_001 }), undefined);
    assert.equal(retryDelayMs(status(429, 0), STATE), 0);
  });

  it("repeats a lost request only when it may be repeated, or was surely not sent", () => {
    const lost: Failure = { kind: "connection", sent: true, passing: true };
    const unsent: Failure = { kind: "connection", sent: false, passing: true };
    const lasting: Failure = { kind: "connection", sent: false, passing: false };
    assert.notEqual(retryDelayMs(lost, STATE), undefined);
    assert.equal(retryDelayMs(lost, { ...STATE, repeatable: false }), undefined);
    assert.notEqual(retryDelayMs(unsent, { ...STATE, repeatable: false }), undefined);
    assert.equal(retryDelayMs(lasting, STATE), undefined);
  });
});

describe("parseRetryAfterMs", () => {
  const now = Date.UTC(2026, 0, 15, 12, 0, 0);
  for (
    const [value, milliseconds] of [
      ["12", 12_000],
      [" 0 ", 0],
      ["1.5", 1500],
      ["Thu, 15 Jan 2026 12:00:30 GMT", 30_000],
      ["Thu, 15 Jan 2026 11:00:00 GMT", 0],
      ["soon", undefined],
      ["-5", undefined],
      ["", undefined],
      [null, undefined],
    ] as const
  ) {
    it(`reads ${JSON.stringify(value)} as ${milliseconds}`, () => {
      assert.equal(parseRetryAfterMs(value, now), milliseconds);
    });
  }
});
