import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { isOpenPeriod, openPeriodNote, periodPoints } from "../../src/output/periods.ts";
import { renderLineChart } from "../../src/output/line_chart.ts";

const nowMs = Date.UTC(2026, 10, 25, 12, 30);

describe("isOpenPeriod", () => {
  it("is so until the period's last moment is over", () => {
    assert.equal(isOpenPeriod("2026-11-25", "day", nowMs), true);
    assert.equal(isOpenPeriod("2026-11-24", "day", nowMs), false);
    assert.equal(isOpenPeriod("2026-11-23", "week", nowMs), true);
    assert.equal(isOpenPeriod("2026-11-18", "week", nowMs), false);
    assert.equal(isOpenPeriod("2026-11-01", "month", nowMs), true);
    assert.equal(isOpenPeriod("2026-10-01", "month", nowMs), false);
    assert.equal(isOpenPeriod("2026-11-25 12:00:00", "hour", nowMs), true);
    assert.equal(isOpenPeriod("2026-11-25 11:00:00", "hour", nowMs), false);
    assert.equal(isOpenPeriod("$average", "day", nowMs), false);
  });
});

describe("periodPoints", () => {
  it("has no value for what has not begun and counts nothing", () => {
    const labels = ["2026-11-25 11:00:00", "2026-11-25 12:00:00", "2026-11-25 13:00:00", "2026-11-25 14:00:00"];
    const values = [5, 0, 0, 2];
    assert.deepEqual(
      periodPoints(labels, (label) => values[labels.indexOf(label)]!, { unit: "hour", nowMs }),
      [
        { label: labels[0], value: 5, isOpen: false },
        { label: labels[1], value: 0, isOpen: true },
        { label: labels[2], value: null, isOpen: true },
        // An event of a project whose clock is ahead.
        { label: labels[3], value: 2, isOpen: true },
      ],
    );
  });
});

describe("an unfinished period in a chart", () => {
  it("is dotted, and a note names it", () => {
    const labels = ["2026-11-23", "2026-11-24", "2026-11-25"];
    const periods = { unit: "day", nowMs } as const;
    const points = periodPoints(labels, () => 10, periods);
    const openNote = openPeriodNote(labels, periods);
    assert.equal(openNote, "2026-11-25 is not over yet");
    const lines = renderLineChart([{ name: "Sign Up", points }], { width: 60, colour: false, openNote }).split("\n");
    assert.match(lines[0]!, /^10 ┤⠉+⠁/);
    assert.doesNotMatch(lines[0]!, /⠉{50}/);
    assert.equal(lines.at(-2), "┈ 2026-11-25 is not over yet");
  });

  it("is not mentioned where all is over", () => {
    assert.equal(openPeriodNote(["2026-11-23"], { unit: "day", nowMs }), undefined);
    assert.equal(openPeriodNote(["2026-11-16"], { unit: "week", nowMs }), undefined);
    assert.equal(openPeriodNote(["2026-11-23"], { unit: "week", nowMs }), "the week of 2026-11-23 is not over yet");
  });
});
