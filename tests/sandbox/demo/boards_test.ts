import assert from "node:assert/strict";
import { before, describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadDemo } from "../../../src/sandbox/load_demo.ts";
import { Lab, NOW_MS } from "../lab.ts";

const P = `/api/app/projects/${SANDBOX.projectId}`;

describe("the demo's reports and boards", () => {
  const lab = new Lab();
  before(() => {
    loadDemo(lab.store, { projectId: SANDBOX.projectId, nowMs: NOW_MS, events: 4000 });
  });

  it("are two boards and six reports, each on the board that owns it", async () => {
    const reports = (await lab.send(`${P}/bookmarks?v=2`)).json.results.results;
    assert.deepEqual(reports.map(({ type }: { type: string }) => type).sort(), [
      "flows",
      "funnels",
      "insights",
      "insights",
      "insights",
      "retention",
    ]);
    const boards = (await lab.send(`${P}/dashboards`)).json.results;
    assert.equal(boards.length, 2);
    for (const { id } of boards) {
      const { layout, contents } = (await lab.send(`${P}/dashboards/${id}`)).json.results;
      for (const row of layout.order) {
        const cells = layout.rows[row].cells as { width: number; content_type: string; content_id: number }[];
        assert.equal(cells.reduce((sum, { width }) => sum + width, 0), 12);
        for (const { content_type, content_id } of cells) assert.ok(contents[content_type][content_id]);
      }
      const own = reports.filter(({ dashboard_id }: { dashboard_id: number }) => dashboard_id === id);
      assert.deepEqual(Object.keys(contents.report), own.map((one: { id: number }) => String(one.id)));
    }
  });

  it("have numbers, each where its kind is asked for", async () => {
    const reports = (await lab.send(`${P}/bookmarks?v=2`)).json.results.results as { id: number; type: string }[];
    for (const { id, type } of reports) {
      const bookmark_id = String(id);
      const answer = type === "flows"
        ? await lab.query("/arb_funnels", { bookmark_id, query_type: "flows_sankey" })
        : await lab.query("/insights", { bookmark_id });
      assert.equal(answer.status, 200, answer.text);
      assert.match(JSON.stringify(answer.json.series ?? answer.json.steps), /[1-9]/, `report ${id}`);
    }
  });
});
