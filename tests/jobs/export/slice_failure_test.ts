import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ErrorDetails, inputError, MpError } from "../../../src/errors.ts";
import { type AttemptHistory, Failed, retryDelayMs, ruleFor } from "../../../src/client/attempts.ts";
import { failureReason, SLICE_RULES, sliceFailure } from "../../../src/jobs/export/slice_failure.ts";

interface Situation {
  failures?: number;
  waits?: number;
  hasWorked?: boolean;
  mayHalve?: boolean;
}

/** What happens to a slice that could be halved: a wait in milliseconds, or its end. */
function after(error: MpError, { failures = 1, waits = 0, hasWorked = true, mayHalve = true }: Situation = {}) {
  const failed = new Failed(error, failureReason(error));
  const rule = ruleFor(error, SLICE_RULES);
  const history: AttemptHistory = {
    failures,
    waits,
    waitedMs: 0,
    patienceMs: Infinity,
    hasAnswered: hasWorked,
    repeatable: true,
    random: 1,
  };
  const delayMs = rule && retryDelayMs(rule, failed, history);
  const situation = { failures, hasWorked, mayHalve, nowMs: Date.UTC(2026, 10, 23) };
  return sliceFailure(failed, { rule, delayMs }, situation) ?? delayMs;
}

const fails = (details: ErrorDetails, situation?: Situation) => after(new MpError("Cannot export", details), situation);
const ends = (details: ErrorDetails, situation?: Situation) => {
  const outcome = fails(details, situation);
  return typeof outcome === "object" ? outcome.kind : "again";
};

describe("a slice that failed", () => {
  it("is tried again after longer and longer pauses, of at most two minutes, and then given up", () => {
    const delays = [1, 2, 3, 4, 5, 6].map((failures) => {
      const outcome = fails({ category: "server", code: "http_503", status: 503 }, { failures });
      return typeof outcome === "object" ? outcome.kind : outcome;
    });
    assert.deepEqual(delays, [1000, 3000, 9000, 27_000, 81_000, "give_up"]);
  });

  it("is tried once more when nothing of the first answer is of an export, and then stops the export", () => {
    const portal = { category: "server", code: "not_an_export" } as const;
    assert.equal(ends(portal, { hasWorked: false }), "again");
    assert.equal(ends(portal, { hasWorked: false, failures: 2 }), "stop");
    assert.equal(ends(portal, { failures: 2 }), "halve");
  });

  it("is not tried again for a whole line that is no event, and is asked for in halves until only its day is missing", () => {
    const details = { category: "server", code: "export_not_an_event" } as const;
    assert.equal(ends(details), "halve");
    assert.equal(ends(details, { mayHalve: false }), "give_up");
    assert.equal(ends({ category: "server", code: "export_broken" }), "again");
    assert.equal(ends({ category: "network", code: "export_cut" }), "again");
  });

  it("is asked for in halves when fewer days may help", () => {
    const secondTime = (code: string, category: "network" | "server" = "network") =>
      ends({ category, code }, { failures: 2 });
    for (const code of ["cut", "reset", "idle_timeout", "first_byte_timeout"]) {
      assert.equal(secondTime(code), "halve", code);
    }
    for (const code of ["http_504", "export_terminated"]) assert.equal(secondTime(code, "server"), "halve", code);
    for (const code of ["refused", "lookup_failed", "unreachable"]) assert.equal(secondTime(code), "again", code);
    assert.equal(secondTime("http_503", "server"), "again");
    assert.equal(ends({ category: "network", code: "cut" }, { failures: 1 }), "again");
  });

  it("stops the export when the same would happen to every other", () => {
    const lasting: ErrorDetails[] = [
      { category: "auth", status: 401 },
      { category: "auth", code: "plan_lacks_api", status: 402 },
      { category: "input", status: 400 },
      { category: "not_found" },
      { category: "failure", code: "unwritable_file" },
      { category: "network", code: "certificate_expired" },
      { category: "network", code: "proxy_refused" },
      { category: "network", code: "redirect", status: 302 },
      { category: "server", code: "repeated_credentials" },
      { category: "server", code: "partial_content", status: 206 },
      { category: "server", status: 302 },
      { category: "server", code: "not_an_export", status: 302 },
    ];
    for (const details of lasting) assert.equal(ends(details), "stop", JSON.stringify(details));
  });

  it("takes an unknown host for a mistake at first, and for a lost network later", () => {
    const details: ErrorDetails = { category: "network", code: "unknown_host" };
    assert.equal(ends(details, { hasWorked: false }), "stop");
    assert.equal(ends(details, { hasWorked: false, failures: 6 }), "stop");
    assert.equal(ends(details), "again");
  });

  it("waits as the server says, or longer and longer, and not forever", () => {
    assert.equal(fails({ category: "rate_limited", retryAfterSeconds: 1800 }, { waits: 1 }), 1_800_500);
    const own = [1, 2, 6, 7].map((waits) => fails({ category: "rate_limited" }, { waits }));
    assert.deepEqual(own, [30_000, 60_000, 600_000, 600_000]);
    assert.equal(ends({ category: "rate_limited" }, { waits: 41 }), "stop");
    assert.equal(ends({ category: "rate_limited", retryAfterSeconds: 6 * 3600 + 1 }, { waits: 1 }), "stop");
    assert.equal(ends({ category: "rate_limited", retryAfterSeconds: 3_000_000 }, { waits: 1 }), "stop");
  });

  it("ends before a day that has not begun", () => {
    assert.equal(ends({ category: "input", code: "future_date" }), "future");
  });

  it("says which day the plan allows", () => {
    const error = inputError("Cannot export: too early", undefined, "history_limit");
    const told = new MpError(error.message, { ...error, serverMessage: "Date range exceeds 60 days into the past" });
    const outcome = after(told);
    assert.ok(typeof outcome === "object" && outcome.kind === "stop");
    assert.equal((outcome.error as MpError).hint, "the plan keeps 60 days: begin with --from 2026-09-24");
    assert.deepEqual(after(error), { kind: "stop", error });
  });
});
