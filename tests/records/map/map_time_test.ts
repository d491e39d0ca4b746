import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { timeReader } from "../../../src/records/map/map_time.ts";

const MOMENT = Date.UTC(2026, 0, 31, 12, 34, 56, 789);

describe("times", () => {
  it("keep seconds and milliseconds, and lose what is finer", () => {
    const read = timeReader();
    assert.equal(read(1_769_862_896), 1_769_862_896);
    assert.equal(read(1_769_862_896.789), MOMENT);
    assert.equal(read(MOMENT), MOMENT);
    assert.equal(read(MOMENT * 1000 + 999), MOMENT);
    assert.equal(read(BigInt(MOMENT) * 1_000_000n + 999_999n), MOMENT);
    assert.equal(read(0), 0);
    assert.equal(read(new Date(MOMENT)), MOMENT);
    for (const value of [NaN, Infinity, true, null, undefined, {}, new Date(NaN)]) assert.equal(read(value), undefined);
  });

  it("are read from texts of digits as from numbers", () => {
    const read = timeReader();
    assert.equal(read("1769862896"), 1_769_862_896);
    assert.equal(read("1769862896.789"), MOMENT);
    assert.equal(read(`${MOMENT}`), MOMENT);
    assert.equal(read(`${MOMENT}123`), MOMENT);
    assert.equal(read(" 1769862896 "), 1_769_862_896);
  });

  it("are read in the forms of ISO 8601 and of databases", () => {
    const read = timeReader();
    const same = [
      "2026-01-31T12:34:56.789Z",
      "2026-01-31T12:34:56.789",
      "2026-01-31 12:34:56.789",
      "2026-01-31 12:34:56.789123 UTC",
      "2026-01-31 12:34:56,789",
      "2026-01-31 14:34:56.789+02",
      "2026-01-31T14:34:56.789+0200",
      "2026-01-31T07:04:56.789 -05:30",
      "2026-01-31t12:34:56.789z",
      "2026/01/31 12:34:56.789",
    ];
    for (const text of same) assert.equal(read(text), MOMENT, text);
    for (const zone of ["+25:00", "+05:99", "-19"]) assert.equal(read(`2026-01-31T12:34:56${zone}`), undefined, zone);
    assert.equal(read("2026-01-31"), Date.UTC(2026, 0, 31));
    assert.equal(read("20260131"), Date.UTC(2026, 0, 31));
    assert.equal(read("2026-1-5 7:05"), Date.UTC(2026, 0, 5, 7, 5));
    assert.equal(read("2016-12-31T23:59:60Z"), Date.UTC(2017, 0, 1));
  });

  it("that are the day numbers of a spreadsheet, or before 1971, never become others", () => {
    const read = timeReader();
    // 46346.5 is 2026-11-20 12:00 in a spreadsheet; as seconds it is the first day of 1970.
    assert.equal(read(46346.5), 46346);
    for (const text of ["46346.5", "46346", "46346,5", "0"]) assert.equal(read(text), undefined, text);
    assert.equal(read(-46346.5), -46347);
    assert.equal(read(31_535_999.5), 31_535_999);
    assert.equal(read(31_536_000.5), 31_536_000_500);
  });

  it("are read from numbers as spreadsheets and R shorten them", () => {
    const read = timeReader();
    assert.equal(read("1.79518E+12"), 1_795_180_000_000);
    assert.equal(read("1.795176e+09"), 1_795_176_000);
    assert.equal(read("1.79518E+5"), undefined);
  });

  it("of a form that is told go before the others, in the zone that is given", () => {
    const read = timeReader({ format: "DD.MM.YYYY HH:mm", timeZone: "Europe/Berlin" });
    assert.equal(read("20.11.2026 13:45"), Date.UTC(2026, 10, 20, 12, 45));
    assert.equal(read("2026-11-20T13:45Z"), Date.UTC(2026, 10, 20, 13, 45));
    assert.equal(read(1_769_862_896), 1_769_862_896);
    assert.equal(
      timeReader({ format: "DD.MM.YYYY HH:mm Z" })("20.11.2026 13:45 +0200"),
      Date.UTC(2026, 10, 20, 11, 45),
    );
    const excel = timeReader({ format: "excel", timeZone: "Europe/Berlin" });
    assert.equal(excel("46346.5"), Date.UTC(2026, 10, 20, 11));
    assert.equal(excel(46346.5), Date.UTC(2026, 10, 20, 11));
    assert.equal(excel(1_769_862_896), 1_769_862_896);
    assert.throws(() => timeReader({ format: "HH:mm" }), RangeError);
  });

  it("are refused when no calendar or no clock has them, and when they can be read in two ways", () => {
    const read = timeReader();
    const bad = [
      "2026-02-30",
      "2025-02-29T00:00:00Z",
      "2026-13-01",
      "2026-01-31T24:00",
      "2026-01-31 12:60",
      "01/02/2026",
    ];
    for (const text of [...bad, "", "yesterday", "2026-01-31T12:00:00+2", "20261301", "0050-01-01"]) {
      assert.equal(read(text), undefined, text);
    }
  });

  it("without a zone are of the zone that is given, in summer and in winter", () => {
    const read = timeReader({ timeZone: "Europe/Berlin" });
    assert.equal(read("2026-01-31 12:00:00"), Date.UTC(2026, 0, 31, 11));
    assert.equal(read("2026-07-31 12:00:00"), Date.UTC(2026, 6, 31, 10));
    assert.equal(read("2026-07-31 12:00:00Z"), Date.UTC(2026, 6, 31, 12));
    assert.equal(read("2026-07-31"), Date.UTC(2026, 6, 30, 22));
    assert.equal(read(1_769_862_896), 1_769_862_896);
  });

  it("that a change of the clocks skips or repeats are read as documented", () => {
    const read = timeReader({ timeZone: "Europe/Berlin" });
    // 2026-03-29: from 2:00 to 3:00. 2026-10-25: from 3:00 back to 2:00.
    assert.equal(read("2026-03-29 01:59:59"), Date.UTC(2026, 2, 29, 0, 59, 59));
    assert.equal(read("2026-03-29 02:30:00"), Date.UTC(2026, 2, 29, 1, 30));
    assert.equal(read("2026-03-29 03:00:00"), Date.UTC(2026, 2, 29, 1));
    assert.equal(read("2026-10-25 01:59:59"), Date.UTC(2026, 9, 24, 23, 59, 59));
    assert.equal(read("2026-10-25 02:30:00"), Date.UTC(2026, 9, 25, 0, 30));
    assert.equal(read("2026-10-25 03:00:00"), Date.UTC(2026, 9, 25, 2));
    const lordHowe = timeReader({ timeZone: "Australia/Lord_Howe" });
    assert.equal(lordHowe("2026-10-04 02:15:00"), Date.UTC(2026, 9, 3, 15, 45));
  });

  it("agree with Temporal in every quarter of an hour around the changes of many zones", () => {
    for (
      const timeZone of ["America/New_York", "Asia/Kolkata", "Pacific/Apia", "Africa/Casablanca", "America/Havana"]
    ) {
      const read = timeReader({ timeZone });
      for (let ms = Date.UTC(2026, 0, 1, 0, 7); ms < Date.UTC(2027, 0, 1); ms += 37 * 15 * 60_000) {
        const text = new Date(ms).toISOString().slice(0, 19);
        const expected = Temporal.PlainDateTime.from(text).toZonedDateTime(timeZone).epochMilliseconds;
        assert.equal(read(text), expected, `${text} ${timeZone}`);
      }
    }
  });

  it("that count from 1970 in a zone are brought back to UTC", () => {
    const read = timeReader({ timeZone: "America/Los_Angeles", epochsAreLocal: true });
    assert.equal(read(Date.UTC(2026, 0, 31, 12) / 1000), Date.UTC(2026, 0, 31, 20) / 1000);
    assert.equal(read(Date.UTC(2026, 0, 31, 12)), Date.UTC(2026, 0, 31, 20));
  });

  it("cannot be read in a zone that does not exist", () => {
    assert.throws(() => timeReader({ timeZone: "Europe/Atlantis" }), RangeError);
  });
});
