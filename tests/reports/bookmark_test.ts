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

describe("what is not understood of a bookmark", () => {
  it("survives, wherever it stands", () => {
    const sections = fc.oneof(arbitraryInsights, arbitraryFunnel, arbitraryRetention);
    fc.assert(
      fc.property(
        sections,
        fc.constantFrom("root", "sections", "display", "show", "filter", "group"),
        (report, place) => {
          const json = JSON.parse(JSON.stringify(writeBookmark(report)));
          const strange = { newThing: { a: [1, 2] } };
          if (place === "root") Object.assign(json, strange);
          if (place === "sections") Object.assign(json.sections, strange);
          if (place === "display") Object.assign(json.displayOptions, strange);
          if (place === "show") Object.assign(json.sections.show[0].behavior ?? json.sections.show[0], strange);
          if (place === "filter") json.sections.filter.push({ value: "x", filterType: "object", ...strange });
          if (place === "group") json.sections.group.push({ value: "x", ...strange });
          const again = JSON.parse(JSON.stringify(writeBookmark(readBookmark(json)!)));
          assert.ok(
            JSON.stringify(again).includes('"newThing":{"a":[1,2]}'),
            `lost at ${place}: ${JSON.stringify(json)}`,
          );
        },
      ),
      { numRuns: 300 },
    );
  });

  it("is said by nothing for params of another form", () => {
    assert.equal(readBookmark({}), undefined);
    assert.equal(readBookmark({ sections: { show: [] }, displayOptions: { chartType: "line" } }), undefined);
    assert.equal(readFlows({ sections: {} }), undefined);
  });
});
