import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { notedWaits } from "../../../src/output/progress/noted_waits.ts";
import { fakeClock } from "../../helpers/fake_clock.ts";

const limited = (milliseconds: number) => ({ reason: "rate limited", milliseconds });

describe("waits that are said in lines of their own", () => {
  it("are long ones", () => {
    const lines: string[] = [];
    const progress = notedWaits(fakeClock(), (line) => void lines.push(line));
    progress.wait(limited(14_999));
    progress.wait({ reason: "another request is running" });
    progress.wait(undefined);
    progress.wait(limited(15_000));
    assert.deepEqual(lines, ["rate limited; again in 15 s"]);
  });

  it("are said once for all parts that wait for the same", () => {
    const lines: string[] = [];
    const clock = fakeClock();
    const progress = notedWaits(clock, (line) => void lines.push(line));
    for (const day of ["2026-01-01", "2026-01-02"]) progress.part(day).wait(limited(20_000));
    clock.advance(50_000);
    progress.part("2026-01-03").wait(limited(20_000));
    clock.advance(20_000);
    progress.part("2026-01-04").wait(limited(90_000));
    assert.deepEqual(lines, ["rate limited; again in 20 s", "rate limited; again in 1 m 30 s"]);
  });
});
