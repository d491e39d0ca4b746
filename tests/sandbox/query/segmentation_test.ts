import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { days, ReportLab } from "./report_lab.ts";

describe("/segmentation", () => {
  it("counts an event by day", async () => {
    const lab = new ReportLab();
    assert.deepEqual(await lab.report("/segmentation", { event: "Signup", ...days }), {
      data: {
        series: ["2026-11-21", "2026-11-22", "2026-11-23"],
        values: { Signup: { "2026-11-21": 2, "2026-11-22": 1, "2026-11-23": 2 } },
      },
      legend_size: 1,
    });
  });

  it("splits by a property, with a segment for those without it", async () => {
    const lab = new ReportLab();
    const { data, legend_size } = await lab.report("/segmentation", {
      event: "Signup",
      ...days,
      on: 'properties["country"]',
    });
    assert.equal(legend_size, 3);
    assert.deepEqual(data.values, {
      DE: { "2026-11-21": 2, "2026-11-22": 0, "2026-11-23": 1 },
      US: { "2026-11-21": 0, "2026-11-22": 1, "2026-11-23": 0 },
      undefined: { "2026-11-21": 0, "2026-11-22": 0, "2026-11-23": 1 },
    });
  });

  it("filters, counts users, limits, and cuts by week", async () => {
    const lab = new ReportLab();
    const where = 'properties["age"] > 30 and defined(properties["country"])';
    const filtered = await lab.report("/segmentation", { event: "Signup", ...days, where });
    assert.deepEqual(filtered.data.values.Signup, { "2026-11-21": 0, "2026-11-22": 1, "2026-11-23": 1 });
    const unique = await lab.report("/segmentation", { event: "Signup", ...days, type: "unique" });
    assert.deepEqual(unique.data.values.Signup, { "2026-11-21": 1, "2026-11-22": 1, "2026-11-23": 1 });
    const limited = await lab.report("/segmentation", {
      event: "Signup",
      ...days,
      on: 'properties["country"]',
      limit: "1",
    });
    assert.deepEqual(Object.keys(limited.data.values), ["DE"]);
    const weekly = await lab.report("/segmentation", { event: "Signup", ...days, unit: "week" });
    assert.deepEqual(weekly.data.values.Signup, { "2026-11-16": 3, "2026-11-23": 2 });
    const every2 = await lab.report("/segmentation", { event: "Signup", ...days, interval: "2" });
    assert.deepEqual(every2.data.values.Signup, { "2026-11-21": 3, "2026-11-23": 2 });
  });

  it("joins the user's profile", async () => {
    const lab = new ReportLab();
    lab.store.profiles.putAll(SANDBOX.projectId, [{ distinctId: "a", properties: { plan: "pro" } }]);
    const { data } = await lab.report("/segmentation", { event: "Signup", ...days, on: 'user["plan"]', unit: "month" });
    assert.deepEqual(data.values, { undefined: { "2026-11-01": 3 }, pro: { "2026-11-01": 2 } });
  });

  it("gives CSV, with quotes where they are needed", async () => {
    const lab = new ReportLab();
    const reply = await lab.query("/segmentation", {
      event: "Signup",
      ...days,
      on: 'properties["country"] + ", " + string(properties["age"])',
      format: "csv",
    });
    assert.match(reply.headers.get("content-type")!, /^text\/csv/);
    assert.equal(
      reply.text,
      'date,"DE, 20","DE, 50","US, 35",undefined\n2026-11-21,2,0,0,0\n2026-11-22,0,0,1,0\n2026-11-23,0,1,0,1\n',
    );
  });

  it("reckons with numbers: numeric, sum and average, which need a number", async () => {
    const lab = new ReportLab();
    const on = 'properties["amount"]';
    const sum = await lab.report("/segmentation/sum", { event: "Purchase", ...days, on });
    assert.deepEqual(sum.results, { "2026-11-21": 0, "2026-11-22": 10, "2026-11-23": 5 });
    assert.equal(sum.status, "ok");
    const average = await lab.report("/segmentation/average", { event: "Signup", ...days, on: 'properties["age"]' });
    assert.deepEqual(average, { results: { "2026-11-21": 20, "2026-11-22": 35, "2026-11-23": 50 }, status: "ok" });
    const numeric = await lab.report("/segmentation/numeric", { event: "Purchase", ...days, on, unit: "day" });
    assert.equal(numeric.legend_size, 2);
    assert.equal((await lab.query("/segmentation/sum", { event: "Purchase", ...days })).status, 400);
  });
});
