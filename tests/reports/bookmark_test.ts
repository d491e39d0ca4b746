import assert from "node:assert/strict";
import { describe, it } from "node:test";
import fc from "fast-check";
import { readBookmark, writeBookmark } from "../../src/reports/bookmark.ts";
import { covers, unsaid } from "../../src/reports/objects.ts";
import { flowShape, readFlows, writeFlows } from "../../src/reports/flows.ts";
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

describe("the shape of flows", () => {
  for (
    const [params, shape] of [
      [{ flows_merge_type: "tree", chartType: "sankey" }, "tree"],
      [{ flows_merge_type: "list" }, "paths"],
      [{ chartType: "top-paths" }, "paths"],
      [{ chartType: "paths" }, "paths"],
      [{ flows_merge_type: "new", chartType: "sankey" }, "sankey"],
      [{}, "sankey"],
    ] as const
  ) {
    it(`is ${shape} for ${JSON.stringify(params)}`, () => assert.equal(flowShape(params), shape));
  }
});

describe("a bookmark of someone else's making", () => {
  const step = (name: string, more: object = {}) => ({
    ...{ type: "event", id: null, name, filters: [], filtersDeterminer: "all" },
    ...more,
  });
  const bookmark = (clause: object, chartType: string) => ({
    sections: {
      show: [{ type: "metric", ...clause }],
      time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }],
    },
    displayOptions: { chartType },
  });
  const funnel = (behavior: object, measurement: object = {}) =>
    bookmark({
      name: "My funnel",
      behavior: {
        ...{ type: "funnel", resourceType: "events", funnelOrder: "loose" },
        ...{ conversionWindowDuration: 7, conversionWindowUnit: "day" },
        behaviors: [step("Visit"), step("Buy")],
        ...behavior,
      },
      measurement: { math: "conversion_rate_unique", ...measurement },
    }, "funnel-steps");
  const customProperty = { displayFormula: "A * 2", composedProperties: { A: { value: "amount", type: "number" } } };
  const retention = (behavior: object, measurement: object) =>
    bookmark({
      isHidden: true,
      behavior: {
        ...{ type: "retention", retentionType: "birth", retentionUnit: "week" },
        behaviors: [step("A"), step("B")],
        ...behavior,
      },
      measurement: { math: "unique", ...measurement },
    }, "retention-curve");
  const flow = {
    steps: [{ event: "Visit", step_label: "The visit", forward: 3, reverse: 0, bool_op: "and" }],
    date_range: { type: "between", from_date: "2026-04-01", to_date: "2026-04-30" },
    ...{ chartType: "sankey", flows_merge_type: "tree", count_type: "unique", version: 1 },
  };

  for (
    const [what, params] of [
      ["the name of a funnel", funnel({})],
      ["a property of a formula that a funnel measures", funnel({}, { math: "average", property: { customProperty } })],
      ["a percentile of a funnel", funnel({}, { math: "p90", percentile: 90 })],
      [
        "an exclusion with filters",
        funnel({ exclusions: [{ event: "Refund", steps: { from: 1, to: 2 }, filters: [1] }] }),
      ],
      ["a custom property held constant", funnel({ aggregateBy: [{ customPropertyId: 42, resourceType: "events" }] })],
      ["a step with an order of its own", funnel({ behaviors: [step("A", { funnelOrder: "any" }), step("B")] })],
      ["a step with a group", funnel({ behaviors: [step("A", { dataGroupId: "12" }), step("B")] })],
      ["filters of the whole retention", retention({ filters: [{ value: "x" }] }, {})],
      ["the bucket of retention that is measured", retention({}, { retentionBucketIndex: 3 })],
      ["a rolling retention", retention({}, { rolling: { rollingWindowSize: 7 } })],
      [
        "filters of an event that the server calls simple",
        bookmark({
          behavior: { type: "simple", name: "Buy", filters: [{ value: "x" }] },
          measurement: { math: "total" },
        }, "line"),
      ],
    ] as const
  ) {
    it(`keeps ${what}`, () => {
      const again = JSON.parse(JSON.stringify(writeBookmark(readBookmark(params)!)));
      const lost = unsaid(again, JSON.parse(JSON.stringify(params)));
      assert.equal(lost, undefined, JSON.stringify(again));
    });
  }

  for (
    const [what, more] of [
      ["the label of a step", {}],
      ["custom events that are not shown", { show_custom_events: false }],
      ["another place of the anchor", { anchor_position: 2 }],
      ["more of the range", { date_range: { ...flow.date_range, offset: 1 } }],
      ["a step of another form", { steps: [{ ...flow.steps[0], step_filter: { a: 1 } }] }],
      [
        "a filter of a type of its own",
        {
          steps: [{
            ...flow.steps[0],
            property_filter_params_list: [{
              property: { name: "at", source: "properties", type: "datetime" },
              type: "datetime",
              filter: { operator: "<", operand: 5, unit: "days" },
            }],
          }],
        },
      ],
    ] as const
  ) {
    it(`keeps ${what}, of flows`, () => {
      const params = { ...flow, ...more };
      const again = JSON.parse(JSON.stringify(writeFlows(readFlows(params)!)));
      for (const [key, value] of Object.entries(params)) {
        assert.ok(covers(again[key], value), `${key}: ${JSON.stringify(again)}`);
      }
      if ("show_custom_events" in more) assert.equal(again.show_custom_events, false);
    });
  }
});
