import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../src/sandbox/defaults.ts";
import { demoData } from "../../src/sandbox/demo/demo_data.ts";
import { loadDataSet } from "../../src/sandbox/load_data_set.ts";
import { Lab } from "./lab.ts";

describe("a data set", () => {
  it("comes out of an export as it went in, and its reports work", async () => {
    const lab = new Lab();
    const data = demoData({ endDay: "2026-11-22", days: 20, events: 12_000 });
    const loaded = loadDataSet(lab.store, SANDBOX.projectId, data);
    const records = [...data.events];
    assert.equal(loaded.events, records.length);
    const sorted = (list: unknown[]) => list.map((one) => JSON.stringify(one)).sort();
    assert.deepEqual(sorted(await lab.exported()), sorted(records));

    assert.equal((await lab.query("/engage")).json.total, loaded.profiles);
    const cohorts = (await lab.query("/cohorts/list")).json as { name: string; count: number }[];
    assert.deepEqual(cohorts.filter(({ count }) => count === 0 || count === loaded.profiles), []);
    for (const { funnel_id } of (await lab.query("/funnels/list")).json) {
      const range = { funnel_id: String(funnel_id), from_date: "2026-11-01", to_date: "2026-11-30", unit: "month" };
      const { steps } = (await lab.query("/funnels", range)).json.data["2026-11-01"];
      assert.ok(steps[0].count > steps[steps.length - 1].count && steps[steps.length - 1].count > 0);
    }
  });
});
