import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { momentOf, MOMENTS, timeOf, ZONES } from "../../../scripts/dates/moments.ts";

const iso = (name: string, zone: string) => new Date(timeOf(momentOf(name)!, zone)).toISOString();

describe("the moments", () => {
  it("are told by the clock of a time zone", () => {
    assert.equal(iso("new-year", "UTC"), "2027-01-01T00:00:00.000Z");
    assert.equal(iso("new-year", "Pacific/Kiritimati"), "2026-12-31T10:00:00.000Z");
    assert.equal(iso("new-year", "America/St_Johns"), "2027-01-01T03:30:00.000Z");
  });

  it("come just before clocks change in one of the zones", () => {
    for (const [name, changed] of [["clocks-go-forward", "03:00"], ["clocks-go-back", "01:00"]] as const) {
      const soon = Temporal.Instant.fromEpochMilliseconds(timeOf(momentOf(name)!, "America/St_Johns") + 15_000);
      assert.equal(soon.toZonedDateTimeISO("America/St_Johns").toPlainTime().toString().slice(0, 5), changed);
    }
  });

  it("fall on the weekdays that they are named after", () => {
    const weekday = (name: string) => new Date(timeOf(momentOf(name)!, "UTC")).getUTCDay();
    assert.deepEqual([weekday("saturday-end"), weekday("monday-start"), weekday("sunday-of-week-53")], [6, 1, 0]);
  });

  it("have names of their own, and exist in every zone", () => {
    assert.equal(new Set(MOMENTS.map(({ name }) => name)).size, MOMENTS.length);
    for (const moment of MOMENTS) {
      for (const zone of ZONES) assert.ok(Number.isInteger(timeOf(moment, zone)), `${moment.name} in ${zone}`);
    }
  });
});

describe("reading a moment", () => {
  it("takes any other by its time", () => {
    assert.equal(iso("2031-07-04T05:06:07", "UTC"), "2031-07-04T05:06:07.000Z");
    assert.equal(iso("2031-07-04T05:06", "Asia/Kolkata"), "2031-07-03T23:36:00.000Z");
  });

  it("knows no other names, and no days that do not exist", () => {
    for (const text of ["easter", "2031-02-29T00:00:00", "2031-02-28", ""]) {
      assert.equal(momentOf(text), undefined, text);
    }
  });
});
