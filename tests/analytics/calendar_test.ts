import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { dayAt, startOfDayMs } from "../../src/analytics/calendar.ts";

describe("days in a time zone", () => {
  it("are those of its clock", () => {
    const timeMs = Date.UTC(2026, 11, 31, 23, 30);
    assert.equal(dayAt(timeMs, "UTC").toString(), "2026-12-31");
    assert.equal(dayAt(timeMs, "Europe/Berlin").toString(), "2027-01-01");
    assert.equal(dayAt(timeMs, "America/New_York").toString(), "2026-12-31");
  });

  it("begin with the first moment that there is", () => {
    const start = (day: string, zone: string) =>
      new Date(startOfDayMs(Temporal.PlainDate.from(day), zone)).toISOString();
    assert.equal(start("2026-08-01", "Europe/Berlin"), "2026-07-31T22:00:00.000Z");
    // Midnight was skipped.
    assert.equal(start("2018-11-04", "America/Sao_Paulo"), "2018-11-04T03:00:00.000Z");
  });
});
