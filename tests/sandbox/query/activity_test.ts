import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { at, days, ReportLab } from "./report_lab.ts";

describe("the activity stream", () => {
  it("lists what some people did", async () => {
    const lab = new ReportLab();
    const { status, results } = await lab.report("/stream/query", { distinct_ids: '["b"]', ...days });
    assert.equal(status, "ok");
    assert.deepEqual(results.events.map(({ event }: { event: string }) => event), ["Signup", "Purchase"]);
    assert.equal(results.events[0].properties.$distinct_id, "b");
    assert.equal(results.events[0].properties.time, at("2026-11-22T10:00:00"));
  });
});
