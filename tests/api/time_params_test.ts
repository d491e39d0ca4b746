import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { id, instant, moment } from "../../src/api/params.ts";
import { resolveMoment } from "../../src/cli/dates.ts";

const NOW_MS = Date.UTC(2026, 10, 23, 12, 30, 15);

describe("a moment on the project's clock", () => {
  it("is written with a space, and a day alone is its midnight", () => {
    const written = (text: string) => moment("").safeParse(text).data;
    assert.equal(written("2026-01-31"), "2026-01-31 00:00:00");
    assert.equal(written("2026-01-31 09:05"), "2026-01-31 09:05:00");
    assert.equal(written("2026-01-31T23:59:59"), "2026-01-31 23:59:59");
    // What was written is read again as the same.
    assert.equal(written("2026-01-31 23:59:59"), "2026-01-31 23:59:59");
  });

  it("has no offset, and is one that there is", () => {
    for (const text of ["2026-02-30", "2026-01-31 24:00", "2026-01-31 12:60", "2026-01-31T00:00:00Z", "noon", ""]) {
      assert.equal(moment("").safeParse(text).success, false, text);
    }
  });
});

describe("a moment of world time", () => {
  it("is UTC unless it says otherwise", () => {
    const written = (text: string) => instant("").safeParse(text).data;
    assert.equal(written("2026-01-31"), "2026-01-31T00:00:00Z");
    assert.equal(written("2026-01-31 09:05:07.123"), "2026-01-31T09:05:07Z");
    assert.equal(written("2026-01-31T09:05:00+02:00"), "2026-01-31T09:05:00+02:00");
    assert.equal(instant("").safeParse("2026-02-30T00:00:00Z").success, false);
  });
});

describe("resolveMoment", () => {
  it("reads now, days as people say them, and a time after each", () => {
    const read = (text: string) => resolveMoment(text, "--date", NOW_MS);
    assert.equal(read("now"), "2026-11-23T12:30:15");
    assert.equal(read("today"), "2026-11-23");
    assert.equal(read("yesterday 14:30"), "2026-11-22T14:30");
    assert.equal(read("7d 08:00:00"), "2026-11-16T08:00:00");
    assert.equal(read("2026-01-31T12:00:00Z"), "2026-01-31T12:00:00Z");
    assert.throws(() => read("2026-02-30 12:00"), /no such day/);
    assert.throws(() => read("someday"), /not a day/);
  });
});

describe("an id", () => {
  it("is digits, typed or in JSON, of any length", () => {
    const read = (value: unknown) => id("").safeParse(value).data;
    assert.deepEqual([read("12"), read(12), read("9223372036854775807")], [12, 12, 9223372036854775807n]);
    assert.equal(read(9223372036854775807n), 9223372036854775807n);
    for (const value of ["x", "", "-1", -1, 1.5, 1e21, null]) assert.equal(read(value), undefined, String(value));
  });
});
