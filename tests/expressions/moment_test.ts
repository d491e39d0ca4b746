import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ZoneClock } from "../../src/expressions/moment.ts";

const MINUTE_MS = 60_000;

describe("the clock of a time zone", () => {
  it("is read from the epoch, before and after it changes", () => {
    for (const zone of ["UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu"]) {
      const clock = new ZoneClock(zone);
      // Each quarter of an hour is looked up once: every moment in it is asked for twice.
      for (const start of [Date.UTC(2026, 2, 29, 0, 30), Date.UTC(2026, 9, 25, 0, 30), Date.UTC(2026, 3, 4, 14, 30)]) {
        for (let timeMs = start; timeMs < start + 60 * MINUTE_MS; timeMs += 7 * MINUTE_MS) {
          const zoned = Temporal.Instant.fromEpochMilliseconds(timeMs).toZonedDateTimeISO(zone);
          const expected = Date.parse(`${zoned.toPlainDateTime().toString({ smallestUnit: "millisecond" })}Z`);
          assert.deepEqual([clock.toLocalMs(timeMs), clock.toLocalMs(timeMs)], [expected, expected], zone);
        }
      }
    }
  });

  it("leads back to the epoch, where it shows a time once", () => {
    const clock = new ZoneClock("America/St_Johns");
    for (const timeMs of [0, Date.UTC(2026, 0, 15, 3, 31), Date.UTC(2026, 6, 15, 23, 59, 59)]) {
      assert.equal(clock.toEpochMs(clock.toLocalMs(timeMs)), timeMs);
    }
  });
});
