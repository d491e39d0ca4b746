import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import process from "node:process";
import { describe, it } from "node:test";
import { fakedClock, findFaketime } from "../../../scripts/dates/faked_clock.ts";
import { BUN, DENO } from "../../../scripts/project.ts";
import { itUnless } from "../../helpers/needs.ts";

const YEAR_MS = 365 * 86_400_000;
const library = findFaketime();

describe("a faked clock", () => {
  it("is told by its distance, in either direction", () => {
    assert.equal(fakedClock("lib.so", "UTC", 90_400).FAKETIME, "+90");
    assert.equal(fakedClock("lib.so", "UTC", -90_400).FAKETIME, "-90");
    assert.equal(fakedClock("lib.so", "Asia/Kolkata", 0).TZ, "Asia/Kolkata");
  });

  for (const [name, command] of [["Bun", [BUN, "-e"]], ["Deno", [DENO, "eval"]]] as const) {
    itUnless(library === undefined && "no libfaketime", `is what ${name} sees, in the time zone`, () => {
      const script = "console.log(Date.now(), new Date(0).getHours())";
      const env = { PATH: process.env.PATH, ...fakedClock(library!, "Asia/Kolkata", YEAR_MS) };
      const { stdout } = spawnSync(command[0], [command[1], script], { env, encoding: "utf8" });
      const [now, hours] = stdout.trim().split(" ").map(Number);
      assert.ok(Math.abs(now! - Date.now() - YEAR_MS) < 60_000, stdout);
      assert.equal(hours, 5);
    });
  }
});
