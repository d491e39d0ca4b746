import { strict as assert } from "node:assert";
import { describe, it } from "node:test";
import {
  averageAt,
  type CohortTable,
  countAt,
  intervalState,
  reachedIntervals,
} from "../../src/output/cohort_table.ts";
import { cohortHeatMap, retentionCurve } from "../../src/output/cohort_pictures.ts";
import { renderChart } from "../../src/output/chart.ts";

const at = (text: string): number => Date.parse(`${text}Z`);

/** Four weeks of sign-ups, looked at in the middle of the fourth. */
const table: CohortTable = {
  unit: "week",
  interval: 1,
  nowMs: at("2026-11-25T12:00"),
  rows: [
    { date: "2026-11-02", people: 100, counts: [50, 20, 10, 3] },
    { date: "2026-11-09", people: 200, counts: [90, 30, 8, 0] },
    { date: "2026-11-16", people: 100, counts: [40, 5, 0, 0] },
    { date: "2026-11-23", people: 60, counts: [10, 0, 0, 0] },
  ],
};

describe("intervalState", () => {
  it("is complete when the last person of the period has had the whole interval", () => {
    // Who signed up on 9 November at 23:59 has had week 1 on 16 + 14 days.
    assert.equal(intervalState({ ...table, nowMs: at("2026-11-30T00:00") }, "2026-11-09", 1), "complete");
    assert.equal(intervalState({ ...table, nowMs: at("2026-11-29T23:59") }, "2026-11-09", 1), "open");
  });

  it("is the future until the first person can enter it", () => {
    assert.equal(intervalState({ ...table, nowMs: at("2026-11-16T00:00") }, "2026-11-09", 1), "future");
    assert.equal(intervalState({ ...table, nowMs: at("2026-11-16T00:01") }, "2026-11-09", 1), "open");
  });

  it("counts months of the calendar for the period and of thirty days for the interval", () => {
    const months: CohortTable = { ...table, unit: "month", nowMs: at("2026-03-31T00:00") };
    // February has 28 days: the last person is born on the 28th, and has had thirty days on 31 March at 00:00.
    assert.equal(intervalState(months, "2026-02-01", 0), "complete");
    assert.equal(intervalState({ ...months, nowMs: at("2026-03-30T23:00") }, "2026-02-01", 0), "open");
  });
});

describe("averageAt", () => {
  it("is taken over the people who have had the interval, weighted by their number", () => {
    assert.deepEqual(averageAt(table, table.rows, 0), { share: (50 + 90) / 300, people: 300, state: "complete" });
    assert.deepEqual(averageAt(table, table.rows, 1), { share: 20 / 100, people: 100, state: "complete" });
  });

  it("is open where nobody has had all of it, and unknown where nobody has entered it", () => {
    assert.deepEqual(averageAt(table, table.rows, 2), { share: (10 + 8) / 300, people: 300, state: "open" });
    assert.deepEqual(averageAt(table, table.rows, 4), { share: null, people: 0, state: "future" });
  });

  it("leaves out rows whose number of people is not known", () => {
    const rows = [...table.rows, { date: "2026-11-02", people: null, counts: [7, 7] }];
    assert.equal(averageAt(table, rows, 1).share, 0.2);
  });
});

describe("countAt", () => {
  it("has nothing in the future, where an answer has zeros", () => {
    assert.deepEqual(table.rows.map((row) => countAt(table, row, 2)), [10, 8, null, null]);
    assert.equal(reachedIntervals(table), 4);
    assert.equal(reachedIntervals({ ...table, nowMs: at("2026-11-20T00:00") }), 3);
  });
});

describe("cohortHeatMap", () => {
  it("has the average above the cohorts, marks what is open and leaves the future blank", () => {
    assert.equal(
      renderChart(cohortHeatMap(table), { width: 80, colour: false }),
      `week        people  week 0      1      2     3
average        460   46.7%  20.0%   6.0%* 3.0%*
2026-11-02     100   50.0%  20.0%  10.0%* 3.0%*
2026-11-09     200   45.0%  15.0%*  4.0%*
2026-11-16     100   40.0%*  5.0%*
2026-11-23      60   16.7%*

* not over yet: people can still come back
`,
    );
  });

  it("gives up fractions and then intervals on a narrow terminal, and says so", () => {
    const text = renderChart(cohortHeatMap(table), { width: 42, colour: false });
    assert.match(text, /^average +460 +47% +20% +6%\* +3%\*$/m);
    const narrow = renderChart(cohortHeatMap(table), { width: 30, colour: false });
    assert.match(narrow, /^average +460 +47%$/m);
    assert.match(narrow, /^\+3 columns: widen the\s+terminal, or use -f csv$/m);
  });

  it("has a row for each segment, the largest first", () => {
    const rows = [
      { date: "2026-11-02", segment: "DE", people: 100, counts: [10, 4] },
      { date: "2026-11-02", segment: "US", people: 100, counts: [40, 16] },
    ];
    assert.match(
      renderChart(cohortHeatMap({ ...table, rows }), { width: 80, colour: false }),
      /^US +100 +40\.0% +16\.0%\nDE +100 +10\.0% +4\.0%$/m,
    );
  });

  it("colours by size, with text that reads on it", () => {
    const text = renderChart(cohortHeatMap(table), { width: 80, colour: true });
    // deno-lint-ignore no-control-regex
    assert.match(text, /\x1b\[48;5;26;38;5;231m 46\.7% \x1b\[0m/);
    // deno-lint-ignore no-control-regex
    assert.match(text, /\x1b\[48;5;189;38;5;16m3\.0%\*\x1b\[0m/);
  });
});

describe("retentionCurve", () => {
  it("draws the averages, with open points dotted", () => {
    const chart = retentionCurve(table);
    assert.deepEqual(chart.kind === "line" && chart.series[0]!.points, [
      { label: "0", value: 46.7, isOpen: false },
      { label: "1", value: 20, isOpen: false },
      { label: "2", value: 6, isOpen: true },
      { label: "3", value: 3, isOpen: true },
    ]);
  });
});
