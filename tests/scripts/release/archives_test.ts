import assert from "node:assert/strict";
import process from "node:process";
import { afterEach, describe, it } from "node:test";
import { unzipSync } from "fflate";
import { textFile, zip } from "../../../scripts/release/archives.ts";

/** The time in the header of a zip's first entry, as its fields say it. */
function timeIn(archive: Uint8Array): string {
  const view = new DataView(archive.buffer, archive.byteOffset);
  const time = view.getUint16(10, true);
  const date = view.getUint16(12, true);
  const fields = [1980 + (date >> 9), (date >> 5) & 15, date & 31, time >> 11, (time >> 5) & 63, (time & 31) * 2];
  return fields.map((field) => String(field).padStart(2, "0")).join(" ");
}

describe("a zip archive", () => {
  const zone = process.env.TZ;
  const zoneIs = (name: string | undefined) => {
    if (name === undefined) delete process.env.TZ;
    else process.env.TZ = name;
  };
  afterEach(() => zoneIs(zone));

  it("has the same bytes in every time zone, also in the hours around a change of clocks", () => {
    const seconds = (text: string) => Date.parse(text) / 1000;
    for (
      const [made, fields] of [
        ["2026-11-22T12:34:56Z", "2026 11 22 12 34 56"],
        // The clocks of America/St_Johns change at 05:30 UTC; there is no 02:30 on that day.
        ["2027-03-14T02:30:00Z", "2027 03 14 02 30 00"],
        ["2027-03-14T05:00:00Z", "2027 03 14 05 00 00"],
        ["2027-11-07T04:00:00Z", "2027 11 07 04 00 00"],
        ["2026-12-31T23:59:58Z", "2026 12 31 23 59 58"],
      ] as const
    ) {
      for (const name of ["UTC", "America/St_Johns", "Pacific/Kiritimati"]) {
        zoneIs(name);
        assert.equal(timeIn(zip([textFile("a", "text")], seconds(made))), fields, `${made} in ${name}`);
        assert.equal(process.env.TZ, name);
      }
    }
  });

  it("holds what was put in", () => {
    const files = unzipSync(zip([textFile("mp-1/a", "text"), textFile("mp-1/b", "more")], 1_795_000_000));
    assert.deepEqual(Object.keys(files), ["mp-1/a", "mp-1/b"]);
    assert.equal(new TextDecoder().decode(files["mp-1/b"]), "more");
  });
});
