import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isoDay, isoSeconds } from "../../src/streams/iso_time.ts";

describe("ISO times", () => {
  it("are in UTC, by day or by second", () => {
    assert.equal(isoDay(0), "1970-01-01");
    assert.equal(isoDay(Date.UTC(2028, 1, 29, 23, 59, 59, 999)), "2028-02-29");
    assert.equal(isoSeconds(Date.UTC(2026, 11, 31, 23, 59, 59, 999)), "2026-12-31T23:59:59");
    assert.equal(isoSeconds(-1), "1969-12-31T23:59:59");
  });
});
