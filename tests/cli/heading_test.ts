import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { headingOf } from "../../src/cli/heading.ts";
import { rememberSecret } from "../../src/client/redact.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const of = (argv: string[], input: Record<string, unknown> = {}, args: string[] = []) =>
  headingOf({ name: "query x", argv, args, input, nowMs: NOON });

describe("the heading of a report", () => {
  it("has what the command is about, its days, and when it was made", () => {
    const input = { event: "Sign Up", values: ["a", "b"], from_date: "2026-11-01", to_date: "2026-11-07" };
    assert.deepEqual(of(["Sign Up"], input, ["event", "values", "missing"]), {
      title: "query x Sign Up a b",
      facts: ["2026-11-01 to 2026-11-07", "made 2026-11-23 12:00 UTC"],
      command: "mp query x 'Sign Up'",
    });
    assert.equal(of([], { from_date: "2026-11-01", to_date: "2026-11-01" }).facts[0], "2026-11-01");
  });

  it("leaves the place of the file out of the command, however it was typed", () => {
    for (
      const argv of [["-o", "/home/ana/x.html", "a"], ["--output=/home/ana/x.html", "a"], [
        "a",
        "--output",
        "/home/ana/x.html",
      ], ["-o/home/ana/x.html", "a"]]
    ) {
      assert.equal(of(argv).command, "mp query x a", argv.join(" "));
    }
    assert.equal(of(["-f", "html", "-p", "5", "a"]).command, "mp query x -f html -p 5 a");
  });

  it("holds no credential", () => {
    rememberSecret("hunter2hunter2");
    const argv = ["-H", "X-Key: topmost-private", "--header=X-Key: topmost-private", "--with", "hunter2hunter2"];
    assert.equal(
      of(argv, { header: ["X-Key: topmost-private"] }).command,
      "mp query x -H 'X-Key: …' '--header=X-Key: …' --with [redacted]",
    );
  });
});
