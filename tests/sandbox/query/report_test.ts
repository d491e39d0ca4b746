import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, record } from "../lab.ts";
import { at, days, ReportLab } from "./report_lab.ts";

describe("any report", () => {
  it("answers under both prefixes, and says how long it took", async () => {
    const lab = new ReportLab();
    const old = await lab.send(`/api/2.0/events/names?project_id=${SANDBOX.projectId}&type=general`);
    assert.deepEqual(old.json, ["Signup", "Purchase"]);
    assert.match(old.headers.get("x-server-elapsed")!, /^\d+\.\d+$/);
  });

  it("ignores parameters that it doesn't know", async () => {
    const lab = new ReportLab();
    assert.equal((await lab.query("/events/names", { type: "general", query_origin: "x" })).status, 200);
  });

  it("says what is wrong with an expression, and which request it was", async () => {
    const lab = new ReportLab();
    const reply = await lab.query("/segmentation", { event: "Signup", ...days, on: "country" });
    assert.equal(reply.status, 400);
    assert.match(reply.json.error, /^invalid expression at character 1: /);
    assert.match(reply.json.request, /^\/api\/query\/segmentation\?/);
  });

  it("counts a copy once", async () => {
    const twice = new Lab();
    twice.load([record(), record(), record({ $insert_id: "other" })]);
    const reply = await twice.query("/segmentation", { event: "Signup", ...days, unit: "month" });
    assert.deepEqual(reply.json.data.values.Signup, { "2026-11-01": 2 });
  });

  it("cuts days by the project's time zone", async () => {
    const zoned = new Lab();
    const { id } = zoned.addProject({ timeZone: "America/New_York" });
    zoned.load([record({ time: at("2026-11-22T03:00:00") })], id);
    const reply = await zoned.send(
      `/api/query/segmentation?project_id=${id}&event=Signup&from_date=2026-11-21&to_date=2026-11-22`,
    );
    assert.deepEqual(reply.json.data.values.Signup, { "2026-11-21": 1, "2026-11-22": 0 });
  });
});
