import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import type { Lab } from "../lab.ts";
import { facts } from "./facts.ts";

const { projectId, workspaceId } = SANDBOX;
const P = `/projects/${projectId}`;

/** A request to the App API with a JSON body. */
const app = (lab: Lab, method: string, path: string, body?: unknown) =>
  lab.send(`/api/app${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });

const PARAMS = {
  sections: {
    show: [{
      type: "metric",
      behavior: { type: "event", name: "Signup", resourceType: "events", filtersDeterminer: "all", filters: [] },
      measurement: { math: "total" },
    }],
    time: [{ dateRangeType: "in the last", unit: "day", window: { unit: "day", value: 7 } }],
  },
  displayOptions: { chartType: "line" },
};

const row = (...names: string[]) => ({
  contents: names.map((name) => ({
    content_type: "report",
    content_params: { bookmark: { name, type: "insights", params: JSON.stringify(PARAMS) } },
  })),
});

async function boardWith(lab: Lab, ...rows: object[]) {
  const { results } = (await app(lab, "POST", `${P}/dashboards`, { title: "B", rows })).json;
  return { board: results, path: `${P}/dashboards/${results.id}` };
}

facts("5.10", "reports and boards", {
  "5.10-1": {
    says: "a list of bookmarks by v=2 is results.results",
    async holds(lab) {
      await boardWith(lab, row("A"));
      const { results } = (await app(lab, "GET", `${P}/bookmarks?v=2`)).json.results;
      assert.deepEqual(results.map(({ name }: { name: string }) => name), ["A"]);
    },
  },
  "5.10-2": {
    says: "one bookmark has id, name, type, original_type and params, also below its workspace",
    async holds(lab) {
      const { board } = await boardWith(lab, row("A"));
      const [id] = Object.keys(board.contents.report);
      const { results } = (await app(lab, "GET", `/workspaces/${workspaceId}/bookmarks/${id}?v=2`)).json;
      const { name, type, original_type, params } = results;
      assert.deepEqual([name, type, original_type, params], ["A", "insights", "insights", PARAMS]);
    },
  },
  "5.10-3": {
    says: "its params are the bookmark to post to /insights, and its id asks the same",
    async holds(lab) {
      const { board } = await boardWith(lab, row("A"));
      const [id] = Object.keys(board.contents.report);
      const { params } = (await app(lab, "GET", `${P}/bookmarks/${id}?v=2`)).json.results;
      const posted = await lab.send("/api/query/insights", {
        method: "POST",
        body: JSON.stringify({ bookmark: params, project_id: projectId, queryLimits: { limit: 3000 } }),
        headers: { "content-type": "application/json" },
      });
      const saved = await lab.query("/insights", { bookmark_id: id! });
      assert.deepEqual(Object.keys(posted.json.series), ["Signup [Total Events]"]);
      assert.deepEqual(saved.json.series, posted.json.series);
    },
  },
});

facts("app 5", "reports", {
  "app-5-1": {
    says: "without a board a report is not made, and the board is said not to exist",
    async holds(lab) {
      const { json } = await app(lab, "POST", `${P}/bookmarks`, { name: "A", type: "insights", params: PARAMS, v: 2 });
      assert.equal(json.error, "Dashboard doesn't exist");
    },
  },
  "app-5-2": {
    says: "with a board it is owned by it, and not placed on it",
    async holds(lab) {
      const { board, path } = await boardWith(lab);
      const body = { name: "A", type: "insights", params: PARAMS, dashboard_id: board.id, v: 2 };
      assert.equal((await app(lab, "POST", `${P}/bookmarks`, body)).json.results.dashboard_id, board.id);
      assert.deepEqual((await app(lab, "GET", path)).json.results.contents.report, {});
    },
  },
  "app-5-3": {
    says: "history comes in pages that a cursor leads through",
    async holds(lab) {
      const { board } = await boardWith(lab, row("A"));
      const path = `${P}/bookmarks/${Object.keys(board.contents.report)[0]}`;
      await app(lab, "PATCH", path, { name: "B", v: 2 });
      await app(lab, "PATCH", path, { name: "C", v: 2 });
      const { pagination, results } = (await app(lab, "GET", `${path}/history?page_size=1`)).json;
      assert.deepEqual([results.length, pagination.page_size, pagination.previous_cursor], [1, 1, null]);
      const last = (await app(lab, "GET", `${path}/history?page_size=1&cursor=${pagination.next_cursor}`)).json;
      assert.equal(last.pagination.next_cursor, null);
    },
  },
});

facts("app 6", "boards", {
  "app-6-1": {
    says: "a list has no contents, and a board has layout and contents by ids as text",
    async holds(lab) {
      const { path } = await boardWith(lab, row("A", "B"));
      assert.equal("contents" in (await app(lab, "GET", `${P}/dashboards`)).json.results[0], false);
      const { layout, contents } = (await app(lab, "GET", path)).json.results;
      const cells = layout.rows[layout.order[0]].cells as { content_id: number; width: number }[];
      assert.deepEqual(cells.map(({ width }) => width), [6, 6]);
      assert.deepEqual(cells.map(({ content_id }) => contents.report[String(content_id)].name), ["A", "B"]);
    },
  },
  "app-6-2": {
    says: "a PATCH takes rows_order; order changes nothing, silently, and version is refused",
    async holds(lab) {
      const { board, path } = await boardWith(lab, row("A"), row("B"));
      const turned = [...board.layout.order].reverse();
      const order = async () => (await app(lab, "GET", path)).json.results.layout.order;
      assert.equal((await app(lab, "PATCH", path, { layout: { order: turned } })).status, 200);
      assert.deepEqual(await order(), board.layout.order);
      assert.equal((await app(lab, "PATCH", path, { layout: { version: "2.0.0", rows_order: turned } })).status, 400);
      await app(lab, "PATCH", path, { layout: { rows_order: turned } });
      assert.deepEqual(await order(), turned);
    },
  },
  "app-6-3": {
    says: "new content goes to the bottom in full width, and the answer has new_content",
    async holds(lab) {
      const { path } = await boardWith(lab, row("A", "B"));
      const content = { action: "create", ...row("C").contents[0] };
      const { layout, new_content } = (await app(lab, "PATCH", path, { content })).json.results;
      assert.notEqual(new_content, undefined);
      assert.deepEqual(layout.rows[layout.order.at(-1)].cells.map(({ width }: { width: number }) => width), [12]);
    },
  },
  "app-6-4": {
    says: "a report made of another is a copy named Duplicate of …, with a new id",
    async holds(lab) {
      const { board, path } = await boardWith(lab, row("A"));
      const [source] = Object.keys(board.contents.report).map(Number);
      const content_params = { source_bookmark_id: source };
      await app(lab, "PATCH", path, { content: { action: "create", content_type: "report", content_params } });
      const { contents } = (await app(lab, "GET", path)).json.results;
      const names = Object.values(contents.report).map((one) => (one as { name: string }).name);
      assert.deepEqual(names.sort(), ["A", "Duplicate of A"]);
    },
  },
  "app-6-5": {
    says: "a row that lost its contents is an unknown row ID",
    async holds(lab) {
      const { board, path } = await boardWith(lab, row("A"), row("B"));
      const [content_id] = Object.keys(board.contents.report).map(Number);
      await app(lab, "PATCH", path, { content: { action: "delete", content_type: "report", content_id } });
      const { status, json } = await app(lab, "PATCH", path, { layout: { rows_order: board.layout.order } });
      assert.equal(status, 400);
      assert.match(json.error, /unknown row ID/);
    },
  },
});
