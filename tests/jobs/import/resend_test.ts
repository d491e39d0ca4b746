import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ErrorDetails, MpError } from "../../../src/errors.ts";
import { Failed, retryDelayMs } from "../../../src/client/attempts.ts";
import { isOverload, RESEND_RULES } from "../../../src/jobs/import/resend.ts";

const error = (details: Partial<ErrorDetails>) => new MpError("no", { category: "server", ...details });
const busy = error({ status: 429, category: "rate_limited" });

function delay(failures: number, random = 0, one = busy, { hasAnswered = true, repeatable = true } = {}) {
  const rule = RESEND_RULES.find(({ matches }) => matches(one));
  const history = { failures, waits: 0, waitedMs: 0, patienceMs: Infinity, hasAnswered, repeatable, random };
  return rule && retryDelayMs(rule, new Failed(one, ""), history);
}

describe("sending a batch again", () => {
  it("waits 2 s, then twice as long each time up to a minute, and 1 to 5 s of chance besides; ten times in all", () => {
    const delays = Array.from({ length: 10 }, (_, index) => delay(index + 1));
    assert.deepEqual(delays, [3000, 5000, 9000, 17_000, 33_000, 61_000, 61_000, 61_000, 61_000, undefined]);
    assert.equal(delay(1, 0.5), 5000);
    assert.equal(delay(1, 1), 7000);
  });

  it("waits as long as the server asks, within reason", () => {
    const asks = (retryAfterSeconds: number) => delay(1, 0.9, error({ status: 503, retryAfterSeconds }));
    assert.deepEqual([asks(7), asks(900), asks(901)], [7000, 900_000, undefined]);
  });

  it("never waits less than it would unasked: the quota is of a rolling minute, whatever the server hopes", () => {
    for (const status of [429, 503]) {
      for (const retryAfterSeconds of [0, 1]) {
        const hopeful = error({ status, retryAfterSeconds });
        const delays = Array.from({ length: 9 }, (_, index) => delay(index + 1, 0, hopeful) as number);
        assert.deepEqual(delays.slice(0, 3), [3000, 5000, 9000]);
        assert.ok(delays.reduce((sum, milliseconds) => sum + milliseconds) > 5 * 60_000);
      }
    }
  });

  it("is for what passes, and never for what was refused", () => {
    for (const status of [408, 429, 500, 502, 503, 504]) assert.equal(delay(1, 0, error({ status })), 3000);
    for (const status of [200, 400, 401, 402, 403, 404, 413, 501]) {
      assert.equal(delay(1, 0, error({ status })), undefined);
    }
    for (const code of ["reset", "cut", "refused", "first_byte_timeout", "idle_timeout", "lookup_failed"]) {
      assert.equal(delay(1, 0, error({ category: "network", code })), 3000);
    }
    for (const code of ["certificate_expired", "unknown_host", "proxy_refused", "bad_answer"]) {
      assert.equal(delay(1, 0, error({ category: "network", code })), undefined);
    }
    assert.equal(delay(1, 0, error({ category: "server", code: "unexpected_answer" })), undefined);
  });

  it("is for what was turned away alone, when it could do harm", () => {
    assert.equal(delay(1, 0, busy, { repeatable: false }), 3000);
    for (const one of [error({ status: 503 }), error({ category: "network", code: "refused" })]) {
      assert.equal(delay(1, 0, one, { repeatable: false }), undefined);
    }
  });

  it("gives up early on a server that has never answered", () => {
    const refused = error({ category: "network", code: "refused" });
    const at = (failures: number) => delay(failures, 0, refused, { hasAnswered: false });
    assert.deepEqual([at(1), at(2), at(3)], [3000, 5000, undefined]);
  });

  it("is a sign of overload where the server says so or does not answer in time", () => {
    const signs = [{ status: 429 }, { status: 503 }, { code: "first_byte_timeout" }, { code: "idle_timeout" }];
    for (const details of signs) assert.equal(isOverload(error(details)), true);
    for (const details of [{ status: 500 }, { status: 502 }, { code: "reset" }, { code: "refused" }]) {
      assert.equal(isOverload(error(details)), false);
    }
  });
});
