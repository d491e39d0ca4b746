import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
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

  const between = { type: "between", from: "2026-11-21", to: "2026-11-23" };
  const feed = async (lab: ReportLab, more: Record<string, unknown> = {}, dateRange: object = between) =>
    await lab.send(`/api/query/stream/bookmark?project_id=${SANDBOX.projectId}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ bookmark: { dateRange, entries: [] }, distinct_ids: ["a", "b"], mode: "raw", ...more }),
    });
  const names = ({ json }: Awaited<ReturnType<typeof feed>>) =>
    json.results.events.map(({ event, properties }: { event: string; properties: { $distinct_id: string } }) =>
      `${event} ${properties.$distinct_id}`
    );

  it("takes the days of a bookmark, and the names of events", async () => {
    const lab = new ReportLab();
    const all = ["Signup a", "Signup a", "Signup b", "Purchase b"];
    assert.deepEqual(names(await feed(lab)), all);
    assert.deepEqual(names(await feed(lab, {}, { type: "since", from: "2026-11-22" })), all.slice(2));
    const window = { unit: "day", value: 1 };
    assert.deepEqual(names(await feed(lab, {}, { type: "relative_after", window })), all.slice(2));
    assert.deepEqual(names(await feed(lab, { include_events: ["Purchase"] })), ["Purchase b"]);
    assert.deepEqual(names(await feed(lab, { exclude_events: ["Signup"] })), ["Purchase b"]);
    assert.deepEqual(names(await feed(lab, { search: "us" })), ["Signup b"]);
  });

  it("goes on behind the event that the page before ended with", async () => {
    const lab = new ReportLab();
    const first = await feed(lab, { limit: 3 });
    assert.equal(names(first).length, 3);
    const second = await feed(lab, { limit: 3, sentinel_event: first.json.results.sentinel_event });
    assert.deepEqual([names(second), second.json.results.sentinel_event], [["Purchase b"], null]);
  });

  it("refuses what it cannot read", async () => {
    const lab = new ReportLab();
    assert.equal((await feed(lab, { include_events: ["A"], exclude_events: ["B"] })).status, 400);
    assert.equal((await feed(lab, {}, { type: "ever" })).status, 400);
    assert.equal((await feed(lab, { bookmark: {} })).status, 400);
    assert.equal((await feed(lab, { distinct_ids: null })).status, 400);
  });
});
