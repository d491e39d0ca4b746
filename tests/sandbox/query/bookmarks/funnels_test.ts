import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { record } from "../../lab.ts";
import { at } from "../report_lab.ts";
import { BookmarkLab, by, filter, params, RANGE } from "./bookmark_lab.ts";

const step = (name: string, more: object = {}) => ({
  ...{ type: "event", id: null, name, filters: [], filtersDeterminer: "all", funnelOrder: "loose" },
  ...more,
});
const funnel = (steps: object[], more: object = {}, measurement: object = {}) => ({
  type: "metric",
  behavior: {
    type: "funnel",
    resourceType: "events",
    funnelOrder: "loose",
    conversionWindowDuration: 14,
    conversionWindowUnit: "day",
    behaviors: steps,
    exclusions: [],
    aggregateBy: [],
    filter: [],
    ...more,
  },
  measurement: { math: "conversion_rate_unique", property: null, stepIndex: null, ...measurement },
});

/** A to B in an hour: p converts, q does C between, r does B only before A, s begins again after B. */
class FunnelLab extends BookmarkLab {
  constructor() {
    super();
    const day = (id: string, ...events: [minute: number, name: string, more?: object][]) =>
      events.map(([minute, name, more]) =>
        record(
          { time: at("2026-11-22T08:00:00") + 60 * minute, distinct_id: id, $insert_id: `${id}${minute}`, ...more },
          name,
        )
      );
    this.load([
      ...day("p", [0, "A", { plan: "pro", order: 1 }], [10, "B", { order: 2 }]),
      ...day("q", [0, "A", { plan: "pro", order: 1 }], [5, "C"], [20, "B", { order: 1 }]),
      ...day("r", [0, "B"], [30, "A", { plan: "free" }]),
      ...day("s", [0, "A", { plan: "free", order: 3 }], [30, "B", { order: 3 }], [40, "A", { plan: "free" }], [
        180,
        "B",
      ]),
    ]);
  }

  /** Counts by step. */
  async counts(show: object, sections: object = {}): Promise<number[]> {
    const { series } = await this.ask(params({ show: [show], ...sections }, "funnel-steps"));
    const { count } = Object.values(series)[0] as { count: Record<string, { all: number }> };
    return Object.values(count).map(({ all }) => all);
  }
}

describe("funnels as the web page asks for them (facts 2.2, 2.8)", () => {
  it("answer with counts, rates and mean times by step", async () => {
    const { headers, series } = await new FunnelLab().ask(
      params({ show: [funnel([step("A"), step("B")])] }, "funnel-steps"),
    );
    assert.deepEqual(headers, ["$funnel"]);
    assert.deepEqual(series, {
      "A through B": {
        count: { "1. A": { all: 4 }, "2. B": { all: 3 } },
        step_conv_ratio: { "1. A": { all: 1 }, "2. B": { all: 0.75 } },
        overall_conv_ratio: { "1. A": { all: 1 }, "2. B": { all: 0.75 } },
        avg_time: { "1. A": { all: null }, "2. B": { all: 1200 } },
        avg_time_from_start: { "1. A": { all: null }, "2. B": { all: 1200 } },
      },
    });
  });

  it("split by the first step, with all together first; trends have dates", async () => {
    const lab = new FunnelLab();
    const show = [funnel([step("A"), step("B", { renamed: "Bought" })])];
    const { headers, series } = await lab.ask(params({ show, group: [by("plan")] }, "funnel-steps"));
    assert.deepEqual(headers, ["$funnel", "plan"]);
    const split = series["A through Bought"];
    assert.deepEqual(Object.keys(split).sort(), ["$overall", "free", "pro"]);
    assert.deepEqual(split.$overall.count["2. Bought"], { all: 3 });
    assert.deepEqual(split.free.count, { "1. A": { all: 2 }, "2. Bought": { all: 1 } });
    const trend = (await lab.ask(params({ show }, "line"))).series["A through Bought"];
    assert.deepEqual(Object.keys(trend)[1], "2026-11-22T00:00:00+00:00");
    assert.deepEqual(trend["2026-11-22T00:00:00+00:00"].count["1. A"], { all: 4 });
    assert.deepEqual(trend["2026-11-21T00:00:00+00:00"].count["1. A"], { all: 0 });
    const cut = await lab.ask(params({ show, group: [by("plan")] }, "funnel-steps"), { queryLimits: { limit: 1 } });
    assert.equal(cut.meta.is_segmentation_limit_hit, true);
  });

  it("have a window, an order, and ways to count", async () => {
    const lab = new FunnelLab();
    const steps = [step("A"), step("B")];
    const window = { conversionWindowDuration: 15, conversionWindowUnit: "minute" };
    assert.deepEqual(await lab.counts(funnel(steps, window)), [4, 1]);
    assert.deepEqual(await lab.counts(funnel(steps, { funnelOrder: "any" })), [4, 4]);
    const hour = { conversionWindowDuration: 1, conversionWindowUnit: "hour" };
    assert.deepEqual(await lab.counts(funnel(steps, hour, { math: "conversion_rate_total" })), [5, 3]);
    assert.deepEqual(await lab.counts(funnel(steps, hour, { math: "total" })), [5, 3]);
    const session = { conversionWindowDuration: 1, conversionWindowUnit: "session" };
    assert.deepEqual(await lab.counts(funnel(steps, session, { math: "conversion_rate_session" })), [4, 3]);
    const show = [funnel(steps, {}, { math: "conversion_rate_session" })];
    assert.match(await lab.refusal(params({ show }, "funnel-steps")), /requires conversionWindowUnit "session"/);
  });

  it("exclude events between steps, which count from 1, and hold properties constant", async () => {
    const lab = new FunnelLab();
    const steps = [step("A"), step("B")];
    assert.deepEqual(await lab.counts(funnel(steps, { exclusions: [{ event: "C", steps: { from: 1, to: 2 } }] })), [
      4,
      2,
    ]);
    assert.deepEqual(await lab.counts(funnel(steps, { exclusions: [{ event: "C" }] })), [4, 2]);
    const aggregateBy = [{ value: "order", resourceType: "events" }];
    // Neither r nor the second attempt of s has an order.
    assert.deepEqual(await lab.counts(funnel(steps, { aggregateBy })), [3, 2]);
    const wrong = funnel(steps, { exclusions: [{ event: "C", steps: { from: 2, to: 2 } }] });
    assert.match(await lab.refusal(params({ show: [wrong] }, "funnel-steps")), /between two steps/);
  });

  it("filter steps and everything; a custom property's filter of everything needs its value", async () => {
    const lab = new FunnelLab();
    const pro = filter("plan", "string", "equals", ["pro"]);
    assert.deepEqual(await lab.counts(funnel([step("A", { filters: [pro] }), step("B")])), [2, 2]);
    assert.deepEqual(await lab.counts(funnel([step("A"), step("B")]), { filter: [pro] }), [2, 0]);
    const customProperty = {
      displayFormula: "A",
      composedProperties: { A: { value: "order", type: "number", resourceType: "event" } },
      propertyType: "number",
      resourceType: "events",
    };
    const { value: _, ...rest } = filter("", "number", "is equal to", 1);
    const custom = { ...rest, customProperty, dataset: "$mixpanel" };
    const show = [funnel([step("A"), step("B")])];
    await lab.refusal(params({ show, filter: [custom] }, "funnel-steps"), 500);
    assert.deepEqual(await lab.counts(show[0]!, { filter: [{ ...custom, value: null }] }), [2, 1]);
  });

  it("take any event and saved behaviors for steps, and refuse too few, too many and too long windows", async () => {
    const lab = new FunnelLab();
    assert.deepEqual(await lab.counts(funnel([step("A"), step("$all_events")])), [4, 3]);
    const behavior = { ...funnel([step("A"), step("B")]).behavior };
    const made = await lab.send(`/api/app/projects/${SANDBOX.projectId}/behaviors/`, {
      method: "POST",
      body: JSON.stringify({ name: "Way", type: "funnel", definition: { behavior } }),
      headers: { "content-type": "application/json" },
    });
    const [id] = Object.keys(made.json.results);
    const saved = { type: "metric", behavior: { type: "funnel", id: Number(id) }, measurement: {} };
    assert.deepEqual(await lab.counts(saved), [4, 3]);
    const refused = async (show: object) => await lab.refusal(params({ show: [show] }, "funnel-steps"));
    assert.match(await refused(funnel([step("A")])), /2 to 100 steps, not 1/);
    const long = { conversionWindowDuration: 368, conversionWindowUnit: "day" };
    assert.match(await refused(funnel([step("A"), step("B")], long)), /at most 367 days, not 368/);
    const average = funnel([step("A"), step("B")], {}, { math: "average", property: { name: "amount" } });
    assert.match(await refused(average), /does not compute a property/);
  });

  it("count people once with the first step of the range (behaviour sheet, 11.1)", async () => {
    const lab = new BookmarkLab();
    const at13 = at("2026-11-22T13:00:00");
    lab.load([["A", 0], ["A", 30], ["B", 45], ["C", 75]].map(([name, minute]) =>
      record(
        { time: at13 + 60 * Number(minute), distinct_id: "w", $insert_id: `w${minute}` },
        String(name),
      )
    ));
    const hour = { conversionWindowDuration: 1, conversionWindowUnit: "hour" };
    const counts = async (more: object) => {
      const show = [funnel([step("A"), step("B"), step("C")], { ...hour, ...more })];
      const { series } = await lab.ask(params({ show, time: [RANGE] }, "funnel-steps"));
      return Object.values(series["A through C"].count as Record<string, { all: number }>).map(({ all }) => all);
    };
    assert.deepEqual(await counts({}), [1, 1, 0]);
    assert.deepEqual(await counts({ funnelReentryMode: "optimized" }), [1, 1, 1]);
  });
});
