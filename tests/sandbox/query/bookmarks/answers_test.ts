import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Lab } from "../../lab.ts";
import { SANDBOX } from "../../../../src/sandbox/defaults.ts";
import { BookmarkLab, by, metric, params } from "./bookmark_lab.ts";

const SHOW = [metric("Signup")];

describe("keys of params (facts 2.3)", () => {
  it("are refused with 400 when the servers do not know them, wherever they stand", async () => {
    const lab = new BookmarkLab();
    const refused = (bookmark: object) => lab.refusal(bookmark);
    assert.match(await refused({ ...params({ show: SHOW }), colour: 1 }), /unknown key "colour"/);
    assert.match(await refused(params({ show: SHOW, where: [] })), /unknown key "where" in sections/);
    const display = { ...params({ show: SHOW }), displayOptions: { chartType: "line", size: 1 } };
    assert.match(await refused(display), /unknown key "size" in displayOptions/);
    assert.match(await refused(params({ show: [{ ...SHOW[0], color: 1 }] })), /"color" in sections.show\[0\]/);
    assert.match(await refused(params({ show: [metric("A", { math: "total", by: 1 })] })), /"by" in .*measurement/);
    assert.match(await refused(params({ show: [metric("A", {}, { where: 1 })] })), /"where" in .*behavior/);
    assert.match(await refused(params({ show: [] })), /sections.show is empty/);
    assert.match(await refused(params({ show: SHOW }, "donut")), /chartType is "donut"/);
    assert.match(await refused({ ...params({ show: SHOW }), displayOptions: {} }), /has no chartType/);
    assert.match(await refused(params({ show: SHOW, globalDataGroupId: "1" })), /does not compute reports of groups/);
    assert.match(
      await refused(params({ show: [{ ...SHOW[0], type: "warehouse" }] })),
      /does not compute metrics of a warehouse/,
    );
  });

  it("of older versions are ignored, and so is the layout of the web page", async () => {
    const more = {
      ...{ chartType: "bar", steps: [], date_range: {}, title: "x", columnWidths: {}, legend: {}, versions: ["1"] },
      sorting: { bar: { sortBy: "value", colSortAttrs: [] } },
    };
    const { series } = await new BookmarkLab().ask(params({ show: SHOW, formula: [], cohorts: [] }, "bar", more));
    assert.deepEqual(series, { "Signup [Total Events]": { all: 5 } });
  });
});

describe("CSV of questions (facts 2.1)", () => {
  const csv = async (bookmark: object) => {
    const reply = await new BookmarkLab().postQuery("/insights", { bookmark, format: "csv" });
    assert.equal(reply.status, 200, reply.text);
    assert.match(reply.headers.get("content-type")!, /^text\/csv/);
    return reply.text.trimEnd().split("\n");
  };

  it("has a row for each metric, segment and date", async () => {
    assert.deepEqual(await csv(params({ show: SHOW })), [
      "Metric,Date,Value",
      "Signup [Total Events],2026-11-21T00:00:00+00:00,2",
      "Signup [Total Events],2026-11-22T00:00:00+00:00,1",
      "Signup [Total Events],2026-11-23T00:00:00+00:00,2",
    ]);
    assert.deepEqual(await csv(params({ show: SHOW, group: [by("country"), by("age")] }, "bar")), [
      "Metric,country,age,Value",
      "Signup [Total Events],$overall,,5",
      "Signup [Total Events],DE,$overall,3",
      "Signup [Total Events],DE,20,2",
      "Signup [Total Events],DE,50,1",
      "Signup [Total Events],US,$overall,1",
      "Signup [Total Events],US,35,1",
      "Signup [Total Events],undefined,$overall,1",
      "Signup [Total Events],undefined,50,1",
    ]);
  });

  it("has the steps of funnels and the buckets of retention", async () => {
    const behaviors = ["Signup", "Purchase"].map((name) => ({ type: "event", name, filters: [] }));
    const funnel = { type: "metric", behavior: { type: "funnel", behaviors }, measurement: {} };
    assert.deepEqual((await csv(params({ show: [funnel] }, "funnel-steps"))).slice(0, 2), [
      "Funnel,Step,count,step_conv_ratio,overall_conv_ratio,avg_time,avg_time_from_start",
      "Signup through Purchase,1. Signup,3,1,1,,",
    ]);
    const retention = { type: "metric", behavior: { type: "retention", behaviors }, measurement: {} };
    assert.deepEqual((await csv(params({ show: [retention] }, "retention-curve"))).slice(0, 2), [
      "Retention,Date,People,Bucket 0,Bucket 1,Bucket 2",
      "Signup and then Purchase,2026-11-21T00:00:00+00:00,1,1,0,0",
    ]);
  });
});

describe("questions and the quota (facts 1.3)", () => {
  it("count as queries, wherever the project is named, also where they are refused", async () => {
    const lab = new Lab({ quotas: { query: { perHour: 3 } } });
    const post = async (path: string, body: object) =>
      (await lab.send(`/api/query${path}`, {
        method: "POST",
        body: JSON.stringify({ project_id: SANDBOX.projectId, ...body }),
        headers: { "content-type": "application/json" },
      })).status;
    assert.equal(await post("/insights", { bookmark: params({ show: SHOW }) }), 200);
    assert.equal(await post("/insights", { bookmark: {} }), 400);
    assert.equal(await post("/arb_funnels", { bookmark: {} }), 400);
    assert.equal(await post("/arb_funnels", { bookmark: {} }), 429);
    assert.equal(await post("/insights", { bookmark: params({ show: SHOW }) }), 429);
  });
});
