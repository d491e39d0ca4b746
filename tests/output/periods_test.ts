import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import { isOpenPeriod, openPeriodNote, periodPoints } from "../../src/output/periods.ts";
import { renderLineChart } from "../../src/output/line_chart.ts";

const nowMs = Date.UTC(2026, 10, 25, 12, 30);

describe("isOpenPeriod", () => {
  it("is so until the period's last moment is over", () => {
    assert.equal(isOpenPeriod("2026-11-25", { unit: "day", nowMs }), true);
    assert.equal(isOpenPeriod("2026-11-24", { unit: "day", nowMs }), false);
    assert.equal(isOpenPeriod("2026-11-23", { unit: "week", nowMs }), true);
    assert.equal(isOpenPeriod("2026-11-18", { unit: "week", nowMs }), false);
    assert.equal(isOpenPeriod("2026-11-01", { unit: "month", nowMs }), true);
    assert.equal(isOpenPeriod("2026-10-01", { unit: "month", nowMs }), false);
    assert.equal(isOpenPeriod("2026-11-25 12:00:00", { unit: "hour", nowMs }), true);
    assert.equal(isOpenPeriod("2026-11-25 11:00:00", { unit: "hour", nowMs }), false);
    assert.equal(isOpenPeriod("$average", { unit: "day", nowMs }), false);
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

  it("is one of several days where the buckets are that long", () => {
    const periods = { unit: "day", count: 7, nowMs } as const;
    assert.equal(openPeriodNote(["2026-11-12", "2026-11-19"], periods), "the 7 days from 2026-11-19 are not over yet");
    assert.equal(openPeriodNote(["2026-11-12"], periods), undefined);
  });
});

describe("a period of which the range has only a part", () => {
  const weeks = { unit: "week", nowMs, from: "2026-10-31", to: "2026-11-18" } as const;
  const labels = ["2026-10-26", "2026-11-02", "2026-11-09", "2026-11-16"];

  it("is open, and a note says what is counted", () => {
    assert.deepEqual(periodPoints(labels, () => 1, weeks).map(({ isOpen }) => isOpen), [true, false, false, true]);
    assert.equal(
      openPeriodNote(labels, weeks),
      "the week of 2026-10-26 is counted only from 2026-10-31; " +
        "the week of 2026-11-16 is counted only up to 2026-11-18",
    );
  });

  it("is whole where the range begins and ends with it", () => {
    const whole = { ...weeks, from: "2026-10-26", to: "2026-11-22" };
    assert.equal(openPeriodNote(labels, whole), undefined);
    const months = { unit: "month", nowMs, from: "2026-09-01", to: "2026-10-31" } as const;
    assert.equal(openPeriodNote(["2026-09-01", "2026-10-01"], months), undefined);
  });

  it("is not over yet before it is counted in part", () => {
    const today = { ...weeks, to: "2026-11-25" };
    assert.equal(openPeriodNote(["2026-11-16", "2026-11-23"], today), "the week of 2026-11-23 is not over yet");
  });

  it("is dotted on both of its sides in a chart", () => {
    const points = periodPoints(labels, () => 10, weeks);
    const [top] = renderLineChart([{ name: "a", points }], { width: 66, colour: false }).split("\n");
    assert.match(top!, /^10 ┤⠉[^⠉]{16,}⠉{16,}[^⠉]*$/);
  });
});
