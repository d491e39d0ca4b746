import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { type AttemptHistory, Failed, retryDelayMs, type RetryRule, ruleFor } from "../../src/client/attempts.ts";
import { parseRetryAfterMs, PATIENT_RULES, REQUEST_RULES } from "../../src/client/retry.ts";
import { MpError } from "../../src/errors.ts";
import { type FaultKind, NetworkFault } from "../../src/runtime/network/network_fault.ts";

const HISTORY: AttemptHistory = {
  failures: 1,
  waits: 1,
  waitedMs: 0,
  patienceMs: 60_000,
  hasAnswered: true,
  repeatable: true,
  random: 0.999999,
};
const status = (status: number, retryAfterMs?: number) =>
  new Failed(new MpError("no", { category: "server", status }), "no", retryAfterMs);
const fault = (kind: FaultKind, sent: boolean) =>
  new Failed(new MpError("no", { category: "network", cause: new NetworkFault(kind, sent, "") }), "no");

function delayMs(failed: Failed, changes: Partial<AttemptHistory> = {}, rules: readonly RetryRule[] = REQUEST_RULES) {
  const rule = ruleFor(failed.error, rules);
  return rule && retryDelayMs(rule, failed, { ...HISTORY, ...changes });
}

describe("the client's rules", () => {
  it("double the longest delay with each attempt", () => {
    const delays = [1, 2, 3, 4].map((failures) => delayMs(status(503), { failures }));
    assert.deepEqual(delays, [1000, 2000, 4000, 8000]);
  });

  it("jitter over the whole delay", () => {
    assert.equal(delayMs(status(503), { random: 0 }), 0);
    assert.equal(delayMs(status(503), { failures: 4, random: 0.25 }), 2000);
  });

  it("end with the fifth attempt", () => {
    assert.equal(delayMs(status(503), { failures: 5 }), undefined);
    assert.equal(delayMs(status(429, 1), { failures: 5 }), undefined);
  });

  for (const code of [500, 502, 503, 504]) {
    it(`repeat after ${code} only what may be repeated`, () => {
      assert.notEqual(delayMs(status(code)), undefined);
      assert.equal(delayMs(status(code), { repeatable: false }), undefined);
    });
  }

  for (const code of [400, 401, 402, 403, 404, 409, 412, 413, 422, 501]) {
    it(`do not repeat after ${code}`, () => assert.equal(delayMs(status(code)), undefined));
  }

  it("repeat anything after 429", () => {
    assert.notEqual(delayMs(status(429), { repeatable: false }), undefined);
  });

  it("wait exactly as long as the server asks, while patience lasts", () => {
    assert.equal(delayMs(status(429, 60_000)), 60_000);
    assert.equal(delayMs(status(429, 60_001)), undefined);
    assert.equal(delayMs(status(503, 5000), { waitedMs: 55_001 }), undefined);
    assert.equal(delayMs(status(429, 0)), 0);
  });

  it("wait for a quota as long as patience lasts, however often the server turns the request away", () => {
    assert.equal(delayMs(status(429), { waits: 100 }, PATIENT_RULES), 60_000);
    assert.equal(delayMs(status(429), { waits: 100, waitedMs: 1 }, PATIENT_RULES), undefined);
    assert.equal(delayMs(status(503), { failures: 5 }, PATIENT_RULES), undefined);
  });

  it("repeat a lost request only when it may be repeated, or was surely not sent", () => {
    assert.notEqual(delayMs(fault("reset", true)), undefined);
    assert.equal(delayMs(fault("reset", true), { repeatable: false }), undefined);
    assert.notEqual(delayMs(fault("refused", false), { repeatable: false }), undefined);
    assert.equal(delayMs(fault("certificate_expired", false)), undefined);
  });
});

describe("parseRetryAfterMs", () => {
  const now = Date.UTC(2026, 0, 15, 12, 0, 0);
  for (
    const [value, milliseconds] of [
      ["12", 12_000],
      [" 0 ", undefined],
      ["0.0", undefined],
      ["0.001", undefined],
      ["1", 1000],
      ["3000000", 3_000_000_000],
      ["99999999999", 366 * 86_400_000],
      ["9".repeat(400), 366 * 86_400_000],
      ["1e9", undefined],
      ["Fri, 31 Dec 9999 23:59:59 GMT", 366 * 86_400_000],
      ["Mon, 99 Zzz 2026", undefined],
      ["1.5", 1500],
      ["Thu, 15 Jan 2026 12:00:30 GMT", 30_000],
      ["Thu, 15 Jan 2026 11:00:00 GMT", undefined],
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
