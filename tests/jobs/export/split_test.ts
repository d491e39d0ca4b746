import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { unitPath, unitsOf } from "../../../src/jobs/export/split.ts";

const names = (from: string, to: string, split: "day" | "week" | "month" | "none", hive = false) =>
  unitsOf({ from, to }, split).map((unit) => unitPath(unit, { split, hive, extension: ".jsonl.gz" }));

describe("the files of an export", () => {
  it("are one a day", () => {
    assert.deepEqual(names("2026-01-31", "2026-02-01", "day"), [
      "events_2026-01-31.jsonl.gz",
      "events_2026-02-01.jsonl.gz",
    ]);
  });

  it("are called by the Monday of their week, also when the export begins in its middle or a year ends in it", () => {
    assert.deepEqual(names("2026-01-01", "2026-01-12", "week"), [
      "events_2025-12-29.jsonl.gz",
      "events_2026-01-05.jsonl.gz",
      "events_2026-01-12.jsonl.gz",
    ]);
    assert.deepEqual(unitsOf({ from: "2026-01-01", to: "2026-01-12" }, "week"), [
      { from: "2026-01-01", to: "2026-01-04" },
      { from: "2026-01-05", to: "2026-01-11" },
      { from: "2026-01-12", to: "2026-01-12" },
    ]);
  });

  it("end with the month, also in leap years", () => {
    assert.deepEqual(unitsOf({ from: "2028-01-15", to: "2028-03-01" }, "month"), [
      { from: "2028-01-15", to: "2028-01-31" },
      { from: "2028-02-01", to: "2028-02-29" },
      { from: "2028-03-01", to: "2028-03-01" },
    ]);
    assert.deepEqual(names("2028-02-10", "2028-02-11", "month"), ["events_2028-02.jsonl.gz"]);
  });

  it("lie in folders that query engines read as a column", () => {
    assert.deepEqual(names("2026-01-31", "2026-01-31", "day", true), ["date=2026-01-31/events.jsonl.gz"]);
    assert.deepEqual(names("2026-01-31", "2026-01-31", "week", true), ["week=2026-01-26/events.jsonl.gz"]);
    assert.deepEqual(names("2026-01-31", "2026-01-31", "month", true), ["month=2026-01/events.jsonl.gz"]);
  });

  it("are one for everything when nothing is split", () => {
    assert.deepEqual(names("2026-01-01", "2026-03-31", "none"), ["events_2026-01-01_2026-03-31.jsonl.gz"]);
  });
});
