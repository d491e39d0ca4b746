import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { type ErrorDetails, inputError, MpError } from "../../../src/errors.ts";
import { judge, MOST_TRIES, type SliceHistory, type Verdict } from "../../../src/jobs/export/slice_failure.ts";

const NOW_MS = Date.UTC(2026, 10, 23);
const history: SliceHistory = { tries: 1, waits: 0, hasWorked: true, nowMs: NOW_MS, random: 1 };
const fails = (details: ErrorDetails, more: Partial<SliceHistory> = {}): Verdict =>
  judge(new MpError("Cannot export", details), { ...history, ...more });

describe("a slice that failed", () => {
  it("is tried again after longer and longer pauses, of at most two minutes, and then given up", () => {
    const delays = [1, 2, 3, 4, 5].map((tries) => {
      const verdict = fails({ category: "server", status: 503 }, { tries });
      return verdict.kind === "again" ? verdict.delayMs : verdict.kind;
    });
    assert.deepEqual(delays, [1000, 3000, 9000, 27_000, 81_000]);
    assert.equal(fails({ category: "server", status: 503 }, { tries: MOST_TRIES }).kind, "give_up");
  });

  it("is tried once more when nothing of the first answer is of an export, and then stops the export", () => {
    const portal = { category: "server", code: "not_an_export" } as const;
    assert.equal(fails(portal, { hasWorked: false }).kind, "again");
    assert.equal(fails(portal, { hasWorked: false, tries: 2 }).kind, "stop");
    assert.equal(fails(portal, { tries: 2 }).kind, "again");
  });

  it("is asked for in halves when fewer days may help", () => {
    const halves = (code: string, category: "network" | "server" = "network") => {
      const verdict = fails({ category, code }, { tries: 2 });
      return verdict.kind === "again" && verdict.halve;
    };
    for (const code of ["cut", "reset", "idle_timeout", "first_byte_timeout"]) assert.equal(halves(code), true, code);
    for (const code of ["http_504", "export_terminated"]) assert.equal(halves(code, "server"), true, code);
    for (const code of ["refused", "lookup_failed", "unreachable"]) assert.equal(halves(code), false, code);
    assert.equal(halves("http_503", "server"), false);
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
      { category: "server", status: 302 },
    ];
    for (const details of lasting) assert.equal(fails(details).kind, "stop", JSON.stringify(details));
    assert.equal(judge(new TypeError("a fault of mp"), history).kind, "stop");
  });

  it("takes an unknown host for a mistake at first, and for a lost network later", () => {
    const details: ErrorDetails = { category: "network", code: "unknown_host" };
    assert.equal(fails(details, { hasWorked: false }).kind, "stop");
    assert.equal(fails(details).kind, "again");
  });

  it("waits as the server says, or longer and longer, and not for ever", () => {
    assert.deepEqual(fails({ category: "rate_limited", retryAfterSeconds: 1800 }, { waits: 1 }), {
      kind: "wait",
      delayMs: 1_800_500,
      reason: "rate limited",
    });
    const own = [1, 2, 6, 7].map((waits) => fails({ category: "rate_limited" }, { waits }));
    assert.deepEqual(own.map((one) => one.kind === "wait" && one.delayMs), [30_000, 60_000, 600_000, 600_000]);
    assert.equal(fails({ category: "rate_limited" }, { waits: 41 }).kind, "stop");
  });

  it("says which day the plan allows", () => {
    const error = inputError("Cannot export: too early", undefined, "history_limit");
    const told = new MpError(error.message, { ...error, serverMessage: "Date range exceeds 60 days into the past" });
    const verdict = judge(told, history);
    assert.equal(
      verdict.kind === "stop" && (verdict.error as MpError).hint,
      "the plan keeps 60 days: begin with --from 2026-09-24",
    );
    assert.deepEqual(judge(error, history), { kind: "stop", error });
  });
});
