import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formatSchedule, updateImport } from "../../src/api/warehouse.ts";
import { checkParams } from "../../src/api/request.ts";

const HOUR = 3_600_000_000_000;
const nanoseconds = (run_every: string | number) =>
  checkParams(updateImport, { import_id: "1", paused: false, run_every }).run_every;

describe("schedules", () => {
  it("are typed in words or nanoseconds, and sent in nanoseconds", () => {
    assert.deepEqual(["manual", "0", 0].map(nanoseconds), [0, 0, 0]);
    assert.deepEqual(["1h", "hourly", HOUR, String(HOUR)].map(nanoseconds), [HOUR, HOUR, HOUR, HOUR]);
    assert.deepEqual(["1d", "daily"].map(nanoseconds), [24 * HOUR, 24 * HOUR]);
    assert.deepEqual(["7d", "1w", "weekly"].map(nanoseconds), [168 * HOUR, 168 * HOUR, 168 * HOUR]);
    for (const other of ["2h", "", "sometimes", 1]) assert.throws(() => nanoseconds(other), /is not a schedule/);
  });

  it("are shown in words", () => {
    assert.deepEqual([0, HOUR, 24 * HOUR, 168 * HOUR].map(formatSchedule), ["manual", "1h", "1d", "7d"]);
    assert.deepEqual([5, null, undefined].map(formatSchedule), ["5 ns", "", ""]);
  });
});
