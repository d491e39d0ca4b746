import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { record } from "../lab.ts";
import { BookmarkLab, by, metric, params } from "./bookmarks/bookmark_lab.ts";
import { at } from "./report_lab.ts";

const SAVED = { name: "Sign-ups", type: "insights", params: params({ show: [metric("Signup")] }) };

function labWith(report: object, id = 9001): BookmarkLab {
  const lab = new BookmarkLab();
  lab.store.savedObjects.put(SANDBOX.projectId, "report", id, report);
  return lab;
}

describe("/insights", () => {
  it("has a saved report's counts under the first moments of days, as facts 2.1 show it", async () => {
    const answer = await labWith(SAVED).report("/insights", { bookmark_id: "9001" });
    assert.deepEqual(answer, {
      computed_at: "2026-11-23T12:00:00.000000+00:00",
      date_range: { from_date: "2026-11-21T00:00:00+00:00", to_date: "2026-11-23T23:59:59+00:00" },
      headers: ["$metric"],
      series: {
        "Signup [Total Events]": {
          "2026-11-21T00:00:00+00:00": 2,
          "2026-11-22T00:00:00+00:00": 1,
          "2026-11-23T00:00:00+00:00": 2,
        },
      },
      meta: {
        is_segmentation_limit_hit: false,
        min_sampling_factor: 1,
        sub_query_count: 1,
        report_sections: { show: [{ metric_key: "Signup [Total Events]" }], group: [] },
      },
    });
  });

  it("cuts days in the project's zone, and has its offset in the dates, also where local time is stored", async () => {
    for (const storesLocalTime of [false, true]) {
      const lab = new BookmarkLab();
      const { id } = lab.addProject({ timeZone: "America/New_York", storesLocalTime });
      await lab.send(`/import?project_id=${id}&strict=1`, {
        method: "POST",
        body: JSON.stringify([record({ time: at("2026-11-23T03:00:00") })]),
        headers: { "content-type": "application/json" },
      });
      const time = [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 2 } }];
      const reply = await lab.postQuery("/insights", {
        bookmark: params({ show: [metric("Signup")], time }),
        project_id: id,
      }, {
        project_id: String(id),
      });
      assert.deepEqual(reply.json.series["Signup [Total Events]"], {
        "2026-11-22T00:00:00-05:00": 1,
        "2026-11-23T00:00:00-05:00": 0,
      }, reply.text);
      assert.equal(reply.json.date_range.to_date, "2026-11-23T23:59:59-05:00");
    }
  });

  it("splits by a property below the metric, with all segments together first", async () => {
    const time = [{ dateRangeType: "between", unit: "week", value: ["2026-11-16", "2026-11-23"] }];
    const show = [metric("Signup", { math: "unique" })];
    const lab = labWith({ ...SAVED, params: params({ show, time, group: [by("country")] }) });
    const { headers, series } = await lab.report("/insights", { bookmark_id: "9001" });
    const signups = series["Signup [Unique Users]"];
    assert.deepEqual(headers, ["$metric", "country"]);
    assert.deepEqual(signups.$overall, { "2026-11-16T00:00:00+00:00": 2, "2026-11-23T00:00:00+00:00": 1 });
    assert.deepEqual(signups.DE, { "2026-11-16T00:00:00+00:00": 1, "2026-11-23T00:00:00+00:00": 1 });
    assert.deepEqual(Object.keys(signups).sort(), ["$overall", "DE", "US", "undefined"]);
  });

  it("has the steps of a saved funnel under the funnel's id", async () => {
    const lab = new BookmarkLab();
    lab.store.savedObjects.put(SANDBOX.projectId, "funnel", 7001, { name: "F", steps: ["Signup", "Purchase"] });
    const { series } = await lab.report("/insights", { bookmark_id: "7001" });
    const { count, overall_conv_ratio, avg_time } = series["Signup through Purchase"];
    assert.deepEqual(count, { "1. Signup": { all: 3 }, "2. Purchase": { all: 2 } });
    assert.equal(overall_conv_ratio["2. Purchase"].all, 2 / 3);
    assert.deepEqual(avg_time["1. Signup"], { all: null });
  });

  it("says that a report is not there", async () => {
    const lab = labWith(SAVED);
    assert.equal((await lab.query("/insights", { bookmark_id: "5" })).status, 404);
    assert.equal((await lab.query("/insights")).json.error, "Missing required parameter: bookmark_id");
  });

  it("tells with status 200 that something it names is not there, and refuses what has no params", async () => {
    const lab = labWith(SAVED);
    const missing = await lab.postQuery("/insights", { bookmark_id: 5 });
    assert.deepEqual([missing.status, missing.json], [200, { error: "Report 5 not found" }]);
    assert.deepEqual(Object.keys((await lab.postQuery("/insights", { bookmark_id: 9001 })).json.series), [
      "Signup [Total Events]",
    ]);
    assert.equal((await lab.postQuery("/insights", {})).status, 400);
    assert.equal((await lab.postQuery("/insights", { bookmark: { sections: {} } })).status, 400);
    const metricOfNone = await lab.postQuery("/insights", { bookmark: params({ show: [{ type: "metric", id: 77 }] }) });
    assert.deepEqual([metricOfNone.status, metricOfNone.json], [200, { error: "Metric 77 not found" }]);
  });

  it("reads the project from the body, and counts against the quota of queries", async () => {
    const lab = labWith(SAVED);
    const reply = await lab.send("/api/query/insights?workspace_id=1", {
      method: "POST",
      body: JSON.stringify({ bookmark: SAVED.params, project_id: SANDBOX.projectId }),
      headers: { "content-type": "application/json" },
    });
    assert.equal(reply.status, 200, reply.text);
  });
});
