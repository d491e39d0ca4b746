import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readBookmark, writeBookmark } from "../../src/reports/bookmark.ts";
import { readFlows, writeFlows } from "../../src/reports/flows.ts";
import { arbitraryFlows, arbitraryFunnel, arbitraryInsights, arbitraryRetention } from "../helpers/arbitrary_report.ts";

describe("a report as a bookmark", () => {
  it("comes back as it was", () => {
    const sections = fc.oneof(arbitraryInsights, arbitraryFunnel, arbitraryRetention);
    fc.assert(
      fc.property(sections, (report) => {
        const json = JSON.parse(JSON.stringify(writeBookmark(report)));
        assert.deepEqual(readBookmark(json), report);
      }),
      { numRuns: 500 },
    );
  });

  it("comes back as it was, of flows too", () => {
    fc.assert(
      fc.property(arbitraryFlows, (report) => {
        const json = JSON.parse(JSON.stringify(writeFlows(report)));
        assert.deepEqual(readFlows(json), report);
      }),
      { numRuns: 500 },
    );
  });
});
