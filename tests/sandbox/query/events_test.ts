import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { record } from "../lab.ts";
import { at, days, ReportLab } from "./report_lab.ts";

describe("/events", () => {
  it("counts several events, in a range of days or back from now", async () => {
    const lab = new ReportLab();
    const event = '["Purchase","Signup","Nothing"]';
    const ranged = await lab.report("/events", { event, type: "general", unit: "month", ...days });
    assert.deepEqual(ranged.data.values, {
      Purchase: { "2026-11-01": 2 },
      Signup: { "2026-11-01": 5 },
      Nothing: { "2026-11-01": 0 },
    });
    assert.equal(ranged.legend_size, 3);
    const recent = await lab.report("/events", { event: '["Purchase"]', type: "unique", unit: "day", interval: "2" });
    assert.deepEqual(recent.data, {
      series: ["2026-11-22", "2026-11-23"],
      values: { Purchase: { "2026-11-22": 1, "2026-11-23": 1 } },
    });
  });

  it("refuses what Mixpanel cannot count", async () => {
    const lab = new ReportLab();
    const ask = (parameters: Record<string, string>) => lab.query("/events", { event: '["A"]', ...parameters });
    assert.equal((await ask({ type: "unique", unit: "hour", ...days })).status, 400);
    assert.match((await ask({ type: "all", unit: "day", ...days })).json.error, /^Invalid parameter type: 'all'/);
    assert.equal((await ask({ type: "general" })).json.error, "Missing required parameter: from_date");
    assert.equal((await lab.query("/events", days)).json.error, "Missing required parameter: event");
    assert.equal((await lab.query("/events", { event: "[1", ...days })).json.error, "Invalid JSON in event");
  });

  it("compares today, by /events/top, with as much of yesterday", async () => {
    const lab = new ReportLab();
    const { events, type } = await lab.report("/events/top", { type: "general" });
    assert.equal(type, "general");
    assert.deepEqual(events, [
      { amount: 2, event: "Signup", percent_change: 3 },
      { amount: 1, event: "Purchase", percent_change: 1 },
    ]);
    assert.equal((await lab.report("/events/top", { type: "unique", limit: "1" })).events.length, 1);
  });

  it("/events/names lists the last 31 days' events, or a range's", async () => {
    const lab = new ReportLab();
    lab.load([record({ time: at("2026-09-01T00:00:00"), $insert_id: "old" }, "Old")]);
    assert.deepEqual(await lab.report("/events/names", { type: "general" }), ["Signup", "Purchase"]);
    assert.deepEqual(await lab.report("/events/names", { type: "general", limit: "1" }), ["Signup"]);
    const range = { from_date: "2026-09-01", to_date: "2026-09-02" };
    assert.deepEqual(await lab.report("/events/names", { type: "general", ...range }), ["Old"]);
    const tooOld = await lab.query("/events/names", { from_date: "1999-01-01", to_date: "2026-01-01" });
    assert.equal(tooOld.json.error, "Error in from_date: invalid date, bad year");
  });

  it("/events/properties counts by value, all or chosen ones", async () => {
    const lab = new ReportLab();
    const ask = { event: "Signup", type: "general", unit: "month", ...days };
    const all = await lab.report("/events/properties", { ...ask, name: "country" });
    assert.deepEqual(all.data.values, { DE: { "2026-11-01": 3 }, US: { "2026-11-01": 1 } });
    const chosen = await lab.report("/events/properties", { ...ask, name: "country", values: '["US","FR"]' });
    assert.deepEqual(chosen.data.values, { US: { "2026-11-01": 1 }, FR: { "2026-11-01": 0 } });
    assert.equal((await lab.query("/events/properties", ask)).status, 400);
  });

  it("/events/properties/top and values say what there is", async () => {
    const lab = new ReportLab();
    const top = await lab.report("/events/properties/top", { event: "Signup" });
    assert.deepEqual(top.age, { count: 5 });
    assert.deepEqual(top.country, { count: 4 });
    assert.deepEqual(await lab.report("/events/properties/values", { event: "Signup", name: "tags" }), ["x", "y"]);
    assert.deepEqual(await lab.report("/events/properties/values", { name: "amount", limit: "1" }), ["10"]);
  });
});
