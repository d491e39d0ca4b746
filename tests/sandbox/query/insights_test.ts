import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { record } from "../lab.ts";
import { at, ReportLab } from "./report_lab.ts";

const SAVED = { name: "Sign-ups", type: "insights", events: ["Signup"], unit: "day", days: 3 };

function labWith(report: object, id = 9001): ReportLab {
  const lab = new ReportLab();
  lab.store.savedObjects.put(SANDBOX.projectId, "report", id, report);
  return lab;
}

describe("/insights", () => {
  it("has a saved report's counts under the first moments of days, in the project's zone", async () => {
    const answer = await labWith(SAVED).report("/insights", { bookmark_id: "9001" });
    assert.deepEqual(answer, {
      computed_at: "2026-11-23T12:00:00.000000+00:00",
      date_range: { from_date: "2026-11-21T00:00:00+00:00", to_date: "2026-11-23T23:59:59.999000+00:00" },
      headers: ["$event"],
      series: {
        Signup: {
          "2026-11-21T00:00:00+00:00": 2,
          "2026-11-22T00:00:00+00:00": 1,
          "2026-11-23T00:00:00+00:00": 2,
        },
      },
    });
    const zoned = new ReportLab();
    const { id } = zoned.addProject({ timeZone: "America/New_York" });
    zoned.load([record({ time: at("2026-11-23T03:00:00") })], id);
    zoned.store.savedObjects.put(id, "report", 1, { ...SAVED, days: 1 });
    zoned.store.savedObjects.put(id, "report", 2, { ...SAVED, days: 2 });
    const reply = await zoned.send(`/api/query/insights?project_id=${id}&bookmark_id=2`);
    assert.deepEqual(reply.json.series, {
      Signup: { "2026-11-22T00:00:00-05:00": 1, "2026-11-23T00:00:00-05:00": 0 },
    });
    assert.equal(reply.json.date_range.to_date, "2026-11-23T23:59:59.999000-05:00");
  });

  it("splits by a property below the event, with all segments together first", async () => {
    const lab = labWith({ ...SAVED, unit: "week", unique: true, on: 'properties["country"]' });
    const { headers, series } = await lab.report("/insights", { bookmark_id: "9001" });
    assert.deepEqual(headers, ["$event", "country"]);
    assert.deepEqual(series.Signup.$overall, { "2026-11-16T00:00:00+00:00": 2, "2026-11-23T00:00:00+00:00": 1 });
    assert.deepEqual(series.Signup.DE, { "2026-11-16T00:00:00+00:00": 1, "2026-11-23T00:00:00+00:00": 1 });
    assert.deepEqual(Object.keys(series.Signup).sort(), ["$overall", "DE", "US", "undefined"]);
  });

  it("has the steps of a funnel, also under the funnel's own id", async () => {
    const lab = labWith({ name: "F", type: "funnels", funnelId: 7001, days: 3 });
    lab.store.savedObjects.put(SANDBOX.projectId, "funnel", 7001, { name: "F", steps: ["Signup", "Purchase"] });
    for (const bookmark_id of ["9001", "7001"]) {
      const { series } = await lab.report("/insights", { bookmark_id });
      const { count, overall_conv_ratio, avg_time } = series["Signup through Purchase"];
      assert.deepEqual(count, { "1. Signup": { all: 3 }, "2. Purchase": { all: 2 } });
      assert.equal(overall_conv_ratio["2. Purchase"].all, 2 / 3);
      assert.deepEqual(avg_time["1. Signup"], { all: null });
    }
  });

  it("has who came back, with rates and the average of all dates", async () => {
    const lab = labWith({
      name: "R",
      type: "retention",
      bornEvent: "Signup",
      event: "Purchase",
      unit: "day",
      intervalCount: 1,
      days: 3,
    });
    const { series } = await lab.report("/insights", { bookmark_id: "9001" });
    const rows = series["Signup and then Purchase"];
    assert.deepEqual(rows["2026-11-22"], { first: 1, counts: [1, 0], rates: [1, 0] });
    // At noon of the third day, only those of the first day have had the time to come back within a day.
    assert.deepEqual(rows.$average, { first: 1, counts: [0, 0], rates: [0, 0] });
  });

  it("says that a report is not there", async () => {
    const lab = labWith({ name: "F", type: "funnels", funnelId: 7001, days: 3 });
    assert.equal((await lab.query("/insights", { bookmark_id: "5" })).status, 404);
    assert.equal((await lab.query("/insights", { bookmark_id: "9001" })).json.error, "Funnel 7001 not found");
    assert.equal((await lab.query("/insights")).json.error, "Missing required parameter: bookmark_id");
  });

  it("tells errors of the web application's form with status 200", async () => {
    const post = (body: object) =>
      labWith(SAVED).query("/insights", {}, {
        method: "POST",
        body: JSON.stringify(body),
        headers: { "content-type": "application/json" },
      });
    const missing = await post({ bookmark_id: 5 });
    assert.deepEqual([missing.status, missing.json], [200, { error: "Report 5 not found" }]);
    assert.match((await post({ bookmark: { sections: {} } })).json.error, /saved reports only/);
    assert.deepEqual(Object.keys((await post({ bookmark_id: 9001 })).json.series), ["Signup"]);
  });
});
