import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { findFaketime, underFakedClock } from "../../../scripts/dates/faked_clock.ts";
import { BUN, DENO } from "../../../scripts/project.ts";
import { itUnless } from "../../helpers/needs.ts";

const YEAR_MS = 365 * 86_400_000;
const faketime = findFaketime(process.env.PATH);

describe("a faked clock", () => {
  it("is told by its distance, in either direction", () => {
    const faked = (offsetMs: number) => underFakedClock("faketime", { zone: "UTC", offsetMs }, ["mp", "limits"]);
    assert.deepEqual(faked(90_400).args, ["-f", "+90", "mp", "limits"]);
    assert.deepEqual(faked(-90_400).args, ["-f", "-90", "mp", "limits"]);
    assert.equal(faked(0).env.TZ, "UTC");
  });

  it("is not there where the program is not", () => {
    assert.equal(findFaketime("/nonexistent:/etc"), undefined);
    assert.equal(findFaketime(), undefined);
  });

  for (const [name, command] of [["Bun", [BUN, "-e"]], ["Deno", [DENO, "eval"]]] as const) {
    itUnless(faketime === undefined && "no faketime", `is what ${name} sees, in the time zone`, () => {
      const script = "console.log(Date.now(), new Date(0).getHours())";
      const clock = { zone: "Asia/Kolkata", offsetMs: YEAR_MS };
      const faked = underFakedClock(faketime!, clock, [command[0], command[1], script]);
      const env = { PATH: process.env.PATH, ...faked.env };
      const { stdout } = spawnSync(faked.command, faked.args, { env, encoding: "utf8" });
      const [now, hours] = stdout.trim().split(" ").map(Number);
      assert.ok(Math.abs(now! - Date.now() - YEAR_MS) < 60_000, stdout);
      assert.equal(hours, 5);
    });
  }
});
