import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { checkOrder, lastDays, resolveDay } from "../../src/cli/dates.ts";

const NOON = Date.UTC(2026, 10, 23, 12);
const day = (text: string, nowMs = NOON) => resolveDay(text, "--from", nowMs);

describe("a day as it is typed", () => {
  it("may be a date, today, yesterday, or some days or weeks ago", () => {
    assert.equal(day("2026-01-31"), "2026-01-31");
    assert.equal(day("today"), "2026-11-23");
    assert.equal(day("yesterday"), "2026-11-22");
    assert.equal(day("0d"), "2026-11-23");
    assert.equal(day("7d"), "2026-11-16");
    assert.equal(day("2w"), "2026-11-09");
    assert.equal(day("  Today "), "2026-11-23");
    assert.equal(day("7D"), "2026-11-16");
  });

  it("turns with midnight in UTC", () => {
    const midnight = Date.UTC(2026, 10, 23);
    assert.equal(day("today", midnight), "2026-11-23");
    assert.equal(day("today", midnight - 1), "2026-11-22");
    assert.equal(day("yesterday", midnight - 1), "2026-11-21");
  });

  it("goes back over the ends of months, years and leap days", () => {
    assert.equal(day("1d", Date.UTC(2024, 2, 1)), "2024-02-29");
    assert.equal(day("1d", Date.UTC(2026, 2, 1)), "2026-02-28");
    assert.equal(day("1d", Date.UTC(2026, 0, 1)), "2025-12-31");
    assert.equal(day("365d", Date.UTC(2025, 0, 1)), "2024-01-02");
  });

  it("knows leap days", () => {
    for (const leap of ["2024-02-29", "2000-02-29"]) assert.equal(day(leap), leap);
    for (const none of ["2026-02-29", "1900-02-29", "2100-02-29"]) {
      assert.throws(() => day(none), { message: `Cannot use --from "${none}": no such day`, code: "bad_date" });
    }
  });

  it("is refused when no calendar has it, with its flag, its text and a hint", () => {
    for (const none of ["2026-02-30", "2026-04-31", "2026-13-01", "2026-00-10", "2026-01-00", "0026-01-31"]) {
      assert.throws(() => resolveDay(none, "--to", NOON), {
        category: "input",
        message: `Cannot use --to "${none}": no such day`,
        hint: /2026-01-31, today, yesterday or 7d/,
      });
    }
    const others = ["", "tomorrow", "2026-1-5", "20260131", "31.01.2026", "2026-01-31T10:00", "-7d", "7", "7m", "1.5d"];
    for (const other of others) {
      assert.throws(() => day(other), { message: `Cannot use --from ${JSON.stringify(other)}: not a day` });
    }
  });

  it("accepts every day that there is, and gives it back", () => {
    const anyMoment = fc.integer({ min: Date.UTC(1000, 0, 1), max: Date.UTC(9999, 11, 31) });
    fc.assert(fc.property(anyMoment, (ms) => {
      const text = new Date(ms).toISOString().slice(0, 10);
      assert.equal(day(text), text);
      assert.equal(day("today", ms), text);
    }));
  });
});

describe("--last", () => {
  it("counts today as one of its days", () => {
    assert.deepEqual(lastDays("1d", NOON), { from: "2026-11-23", to: "2026-11-23" });
    assert.deepEqual(lastDays("30d", NOON), { from: "2026-10-25", to: "2026-11-23" });
    assert.deepEqual(lastDays(" 2W ", NOON), { from: "2026-11-10", to: "2026-11-23" });
  });

  it("wants a span of at least a day", () => {
    for (const text of ["0d", "0w", "30", "d", "-1d", "1h", "12345d", ""]) {
      assert.throws(() => lastDays(text, NOON), {
        category: "input",
        message: `Cannot use --last ${JSON.stringify(text)}: not a span of days`,
        hint: /--last 30d or --last 4w/,
      });
    }
  });
});

describe("a range", () => {
  it("must not end before it begins", () => {
    checkOrder("2026-01-01", "2026-01-01");
    checkOrder("2025-12-31", "2026-01-01");
    assert.throws(() => checkOrder("2026-01-02", "2026-01-01"), {
      category: "input",
      code: "bad_range",
      message: "Cannot use --from 2026-01-02 with --to 2026-01-01: it ends before it begins",
    });
  });

  it("may be open on either side", () => {
    checkOrder(undefined, "2026-01-01");
    checkOrder("2026-01-01", undefined);
  });
});
