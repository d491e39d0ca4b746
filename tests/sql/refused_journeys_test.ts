/** What funnels and retention ask that no statement says: refused in words, and never left out. */
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { MpError } from "../../src/errors.ts";
import { writeBookmark } from "../../src/reports/bookmark.ts";
import type { FunnelReport, Json, RetentionReport, SectionsReport } from "../../src/reports/report.ts";
import type { ColumnType } from "../../src/streams/table/record_encoder.ts";
import { duckdb } from "../../src/sql/dialects/duckdb.ts";
import { sqlQuestion } from "../../src/sql/sql_question.ts";

const FUNNEL: FunnelReport = {
  kind: "funnel",
  steps: [{ event: "Open" }, { event: "Buy" }],
  order: "loose",
  window: { length: 7, unit: "day" },
  math: "unique",
  range: { from: "2026-10-20", to: "2026-10-30" },
  unit: "day",
  chart: "funnel-steps",
};

const RETENTION: RetentionReport = {
  kind: "retention",
  birth: { event: "Open" },
  returning: { event: "Buy" },
  math: "unique",
  type: "birth",
  interval: "day",
  alignment: "birth",
  unbounded: "none",
  range: { from: "2026-10-20", to: "2026-10-30" },
  unit: "day",
  chart: "retention-curve",
};

const COLUMNS: readonly (readonly [string, ColumnType])[] = [["plan", "string"], ["amount", "number"], [
  "tags",
  "json",
]];

function ask(bookmark: Json) {
  const columns = new Map(COLUMNS.map(([name, type]) => [name, { name, type }]));
  const fields = new Map([["bookmark", bookmark]]);
  const options = {
    table: { from: "events", columns },
    dialect: duckdb,
    timeZone: "UTC",
    nowMs: Date.UTC(2026, 10, 1),
  };
  return sqlQuestion({ path: "/insights", fields }, options);
}

const split = (name: string, source: "events" | "people" = "events") => ({
  breakdowns: [{ kind: "property" as const, property: { name, source, type: "string" as const } }],
});

const REFUSED: readonly (readonly [string, SectionsReport, RegExp])[] = [
  ["a property of profiles", { ...FUNNEL, ...split("plan", "people") }, /user\["plan"\].*/],
  ["a split by lists", { ...FUNNEL, ...split("tags") }, /a split by "tags"/],
  ["a split by cohort", { ...FUNNEL, breakdowns: [{ kind: "cohort", id: 3, name: "X" }] }, /a split by cohort/],
  ["a cohort", { ...FUNNEL, filter: { cohorts: [{ id: 3 }] } }, /a cohort/],
  [
    "a custom event",
    { ...FUNNEL, steps: [{ event: "$custom_event:3", customEventId: 3 }, { event: "Buy" }] },
    /custom event/,
  ],
  ["a filter of profiles", { ...FUNNEL, filter: { where: 'user["plan"] == "pro"' } }, /user\["plan"\]/],
  ["digits as a text", { ...FUNNEL, filter: { where: 'properties["amount"] == "5"' } }, /"amount".*holds no texts/],
  ["a comparison", { ...FUNNEL, comparison: { type: "relative", value: "week" } }, /comparison/],
  ["several metrics", { ...FUNNEL, raw: { clauses: [{ type: "metric" }] } }, /several metrics/],
  [
    "a property of a step",
    { ...FUNNEL, property: { name: "amount", source: "events", type: "number" } },
    /property of a funnel's step/,
  ],
  ["the median of times", { ...FUNNEL, math: "median" }, /property of a funnel's step|median/],
  ["what is said in another form", { ...FUNNEL, raw: { behavior: { segmentationEvent: 2 } } }, /segmentationEvent/],
  [
    "an impossible exclusion",
    { ...FUNNEL, exclusions: [{ event: "X", from: 2, to: 2 }] },
    /"X" can only be excluded between two/,
  ],
  [
    "lists held constant",
    { ...FUNNEL, holdingConstant: [{ name: "tags", source: "events", type: "string" }] },
    /"tags" to be held/,
  ],
  ["addiction", { ...RETENTION, type: "addiction" }, /addiction/],
  [
    "a returning custom event",
    { ...RETENTION, returning: { event: "$custom_event:3", customEventId: 3 } },
    /custom event/,
  ],
];

describe("a statement refuses", () => {
  it("a saved funnel", () => {
    const fields = new Map([["funnel_id", "7001"]]);
    const options = { table: { from: "events" }, dialect: duckdb, timeZone: "UTC", nowMs: 0 };
    assert.throws(() => sqlQuestion({ path: "/funnels", fields }, options), /a saved funnel/);
  });

  for (const [what, report, words] of REFUSED) {
    it(what, () => {
      assert.throws(
        () => ask(writeBookmark(report)),
        (error: MpError) => error.category === "input" && words.test(error.message),
      );
    });
  }
});
