/** A report of each kind of chart, for the tests of files. */
import type { Chart } from "../../src/output/chart.ts";
import { cohortHeatMap } from "../../src/output/cohort_pictures.ts";
import type { CohortTable } from "../../src/output/cohort_table.ts";
import type { FunnelSteps } from "../../src/output/funnel_table.ts";
import type { Heading } from "../../src/output/report.ts";

export const HEADING: Heading = {
  title: "query segmentation Sign Up",
  facts: ["2026-11-01 to 2026-11-07", "project 1000001", "made 2026-11-07 12:00 UTC"],
  command: "mp query segmentation 'Sign Up' --last 7d",
};

/** What a server may send, and a page, a picture or a table may not obey. */
export const NASTY = `</title></style><script>alert(1)</script>" onload='x' | \`a\` \u202e\x1b[31m\ufffe`;

const DAYS = Array.from({ length: 7 }, (_, index) => `2026-11-0${index + 1}`);
export const PLATFORMS = { web: [30, 45, 60, 20, 10, 50, 20], ios: [10, 20, 15, 25, 5, 0, 10] };

const line: Chart = {
  kind: "line",
  openNote: "2026-11-07 is not over yet",
  series: Object.entries(PLATFORMS).map(([name, values]) => ({
    name,
    points: DAYS.map((label, index) => ({ label, value: values[index]!, isOpen: index === 6 })),
  })),
};

const bar: Chart = {
  kind: "bar",
  rows: [
    { label: "1. View Product", value: 5000, share: 1 },
    { label: "2. Add to Cart", value: 2500, share: 0.5 },
    { label: "3. Purchase", value: 1000, share: 0.2 },
  ],
};

const cohorts: CohortTable = {
  unit: "week",
  interval: 1,
  nowMs: Date.UTC(2026, 10, 25, 12),
  rows: [
    { date: "2026-11-02", people: 100, counts: [50, 20, 10, 3] },
    { date: "2026-11-09", people: 200, counts: [90, 30, 8, 0] },
    { date: "2026-11-16", people: 100, counts: [40, 5, 0, 0] },
    { date: "2026-11-23", people: 60, counts: [10, 0, 0, 0] },
  ],
};

function segment(name: string, counts: number[]): FunnelSteps {
  const names = ["View Product", "Add to Cart", "Purchase"];
  return {
    date: "2026-11-01",
    segment: name,
    steps: counts.map((count, index) => ({
      name: names[index]!,
      count,
      ofFirst: count / counts[0]!,
      ofPrevious: index === 0 ? null : count / counts[index - 1]!,
      seconds: null,
      secondsFromFirst: null,
    })),
  };
}

export const CHARTS = {
  line,
  bar,
  heat_map: cohortHeatMap(cohorts),
  funnel_matrix: {
    kind: "funnel_matrix",
    segmentTitle: "country",
    lists: [segment("DE", [200, 50, 10]), segment("$overall", [1500, 600, 300]), segment("US", [1200, 540, 60])],
  },
} as const satisfies Record<Chart["kind"], Chart>;

/** Rows for the table below each of them. */
export const ROWS = DAYS.map((date, index) => ({ date, web: PLATFORMS.web[index], ios: PLATFORMS.ios[index] }));
