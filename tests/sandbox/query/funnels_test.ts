import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { days, ReportLab } from "./report_lab.ts";

describe("/funnels", () => {
  it("takes people through a saved funnel", async () => {
    const lab = new ReportLab();
    const saved = { name: "To purchase", steps: ["Signup", { event: "Purchase", where: 'properties["amount"] > 5' }] };
    lab.store.savedObjects.put(SANDBOX.projectId, "funnel", 7509, saved);
    assert.deepEqual(await lab.report("/funnels/list", {}), [{ funnel_id: 7509, name: "To purchase" }]);
    const { meta, data } = await lab.report("/funnels", { funnel_id: "7509", ...days, unit: "month" });
    assert.deepEqual(meta, { dates: ["2026-11-01"] });
    const { steps, analysis } = data["2026-11-01"];
    assert.deepEqual(steps.map(({ count }: { count: number }) => count), [3, 1]);
    assert.equal(steps[1].avg_time, 3600);
    assert.deepEqual(analysis, { completion: 1, starting_amount: 3, steps: 2, worst: 1 });
    const on = await lab.report("/funnels", { funnel_id: "7509", ...days, unit: "month", on: 'properties["country"]' });
    assert.deepEqual(Object.keys(on.data["2026-11-01"]).sort(), ["$overall", "DE", "US", "undefined"]);
    assert.equal((await lab.query("/funnels", { funnel_id: "1", ...days })).status, 404);
    assert.equal((await lab.query("/funnels", { funnel_id: "7509", ...days, length: "91" })).status, 400);
    assert.equal((await lab.query("/funnels", days)).json.error, "Missing required parameter: funnel_id");
  });

  it("takes people through a saved report that is a funnel", async () => {
    const lab = new ReportLab();
    const step = (name: string) => ({ type: "event", name, filters: [], filtersDeterminer: "all" });
    lab.store.savedObjects.put(SANDBOX.projectId, "report", 9003, {
      name: "To purchase",
      type: "funnels",
      params: {
        sections: {
          show: [{
            type: "metric",
            behavior: {
              ...{ type: "funnel", conversionWindowDuration: 30, conversionWindowUnit: "minute" },
              behaviors: [step("Signup"), step("Purchase")],
            },
            measurement: { math: "conversion_rate_unique" },
          }],
          time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 30 } }],
        },
        displayOptions: { chartType: "funnel-steps" },
      },
    });
    const ask = { funnel_id: "9003", ...days, unit: "month" };
    const counts = ({ data }: { data: Record<string, { steps: { count: number }[] }> }) =>
      data["2026-11-01"]!.steps.map(({ count }) => count);
    // The purchases come an hour or more after the sign-up.
    assert.deepEqual(counts(await lab.report("/funnels", ask)), [3, 0]);
    const longer = counts(await lab.report("/funnels", { ...ask, length: "1", length_unit: "day" }));
    assert.ok(longer[1]! > 0, String(longer));
  });
});
