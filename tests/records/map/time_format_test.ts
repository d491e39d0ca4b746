import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatReader } from "../../../src/records/map/time_format.ts";
import { timeFormatsFor, timeReason } from "../../../src/records/map/time_hint.ts";

const NOON = Date.UTC(2026, 10, 20, 12);
const read = (format: string, text: string) => formatReader(format)(text)?.localMs;

describe("forms of times", () => {
  it("are written in the letters of spreadsheets and databases, or of strftime", () => {
    const same: [string, string][] = [
      ["DD.MM.YYYY HH:mm:ss", "20.11.2026 12:00:00"],
      ["D.M.YY H:mm", "20.11.26 12:00"],
      ["dd/MM/yyyy HH:mm", "20/11/2026 12:00"],
      ["DD.MM.YYYY HH24:MI:SS", "20.11.2026 12:00:00"],
      ["DD/MM/YYYY HH:MM:SS", "20/11/2026 12:00:00"],
      ["MM/DD/YYYY hh:mm A", "11/20/2026 12:00 PM"],
      ["MM/DD/YYYY hh:mm:ss a", "11/20/2026 12:00:00 p.m."],
      ["DD MMM YYYY HH:mm", "20 Nov 2026 12:00"],
      ["MMMM D, YYYY HH:mm", "November 20, 2026 12:00"],
      ["YYYYMMDDHHmmss", "20261120120000"],
      ["YYYY-MM-DD[T]HH:mm:ss.SSS", "2026-11-20T12:00:00.000"],
      ["%d.%m.%Y %H:%M:%S", "20.11.2026 12:00:00"],
      ["%m/%d/%y %I:%M %p", "11/20/26 12:00 pm"],
      ["%-d %b %Y, %T", "20 Nov 2026, 12:00:00"],
      ["%F %R", "2026-11-20 12:00"],
      ["excel", "46346.5"],
      ["Excel", "46346,5"],
    ];
    for (const [format, text] of same) assert.equal(read(format, text), NOON, `${format}: ${text}`);
    assert.equal(read("MM/DD/YYYY hh:mm A", "11/20/2026 12:00 AM"), Date.UTC(2026, 10, 20));
    assert.equal(read("DD.MM.YY", "20.11.69"), Date.UTC(1969, 10, 20));
    assert.equal(formatReader("DD.MM.YYYY HH:mm Z")("20.11.2026 12:00 -0530")?.offsetMs, -19_800_000);
  });

  it("with a day alone take a time of day as well", () => {
    for (const tail of ["", " 00:00", "T00:00:00.000", " 12:00 AM", " 00:00:00 UTC"]) {
      assert.equal(read("DD.MM.YYYY", `20.11.2026${tail}`), Date.UTC(2026, 10, 20), tail);
    }
  });

  it("do not fit days and hours that there are not, or another form", () => {
    for (
      const text of ["31.02.2026 12:00", "20.13.2026 12:00", "20.11.2026 24:00", "20.11.2026", "11/20/2026 12:00", "x"]
    ) {
      assert.equal(read("DD.MM.YYYY HH:mm", text), undefined, text);
    }
    assert.equal(read("MM/DD/YYYY hh:mm A", "11/20/2026 13:00 PM"), undefined);
    assert.equal(read("excel", "2026"), Date.UTC(1905, 6, 18));
    assert.equal(read("excel", "46346 days"), undefined);
  });

  it("that say no day are none", () => {
    const bad = { "HH:mm": /no year/, "YYYY": /no month/, "MM/YYYY": /no day/, "%Q": /%Q/, "foo": /"f"/ };
    for (const [format, message] of Object.entries(bad)) assert.throws(() => formatReader(format), message);
    assert.throws(() => formatReader("YYYY-MM-DD YYYY"), /the year twice/);
  });
});

describe("what to type for a time that is not understood", () => {
  it("is the form of the value, which reads it", () => {
    const forms: Record<string, string[]> = {
      "20.11.2026 12:00:00": ["DD.MM.YYYY HH:mm:ss"],
      "20.11.26": ["DD.MM.YY"],
      "1.2.2026": ["DD.MM.YYYY"],
      "11/20/2026": ["MM/DD/YYYY"],
      "20/11/2026 13:45": ["DD/MM/YYYY HH:mm"],
      "01/02/2026": ["DD/MM/YYYY", "MM/DD/YYYY"],
      "01-02-26 1:45 PM": ["DD-MM-YY HH:mm A", "MM-DD-YY HH:mm A"],
      "20-Nov-2026 13:45": ["DD-MMM-YYYY HH:mm"],
      "Nov 20, 2026": ["MMM DD, YYYY"],
      "46346.5": ["excel"],
      "yesterday": [],
      "32.11.2026": [],
      "7": [],
    };
    for (const [text, expected] of Object.entries(forms)) {
      assert.deepEqual(timeFormatsFor(text), expected, text);
      for (const format of expected) assert.notEqual(read(format, text), undefined, text);
    }
  });

  it("is said with the flag, for a shell, and both where a value can be read in two ways", () => {
    assert.equal(
      timeReason("time", "20.11.2026 12:00", '"20.11.2026 12:00"'),
      `'time' is not a time: "20.11.2026 12:00"; --time-format 'DD.MM.YYYY HH:mm' reads it`,
    );
    assert.equal(
      timeReason("time", "01/02/2026", '"01/02/2026"'),
      `'time' can be read in two ways: "01/02/2026"; say which: --time-format DD/MM/YYYY or --time-format MM/DD/YYYY`,
    );
    assert.equal(
      timeReason("time", "46346.5", '"46346.5"'),
      `'time' is not a time: "46346.5"; --time-format excel reads it as 2026-11-20 12:00:00`,
    );
  });
});
