import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const P = `/projects/${SANDBOX.projectId}`;
const ALL = `${P}/dashboards`;

const text = (markdown: string) => ({ content_type: "text", content_params: { markdown } });
const report = (name: string, params: unknown = JSON.stringify({ sections: {} })) => ({
  content_type: "report",
  content_params: { bookmark: { name, type: "insights", params, description: "" } },
});

async function labWith(...rows: object[][]) {
  const lab = new AppLab();
  const made = await lab.post(ALL, { title: "Growth", rows: rows.map((contents) => ({ contents })) });
  assert.equal(made.status, 200, made.text);
  const id = made.json.results.id as number;
  const board = async () => (await lab.get(`${ALL}/${id}`)).json.results;
  const patch = (body: object) => lab.send("PATCH", `${ALL}/${id}`, body);
  /** Row by row: type, id and width of the cells. */
  const shape = async () => {
    const { layout, contents } = await board();
    return layout.order.map((row: string) =>
      layout.rows[row].cells.map((cell: { content_type: string; content_id: number; width: number }) => {
        const content = contents[cell.content_type][cell.content_id];
        return `${content.name ?? content.markdown} ${cell.width}`;
      })
    );
  };
  return { lab, id, board, patch, shape };
}

describe("dashboards", () => {
  it("are made with their reports and texts in one request, and shown with layout and contents", async () => {
    const { lab, id, board, shape } = await labWith([text("<h2>Funnels</h2>")], [report("A"), report("B")]);
    assert.deepEqual(await shape(), [["<h2>Funnels</h2> 12"], ["A 6", "B 6"]]);
    const { layout, contents, title, filters, time_filter, pinned_date, is_favorited } = await board();
    assert.deepEqual([title, filters, time_filter, pinned_date, is_favorited], ["Growth", [], null, null, false]);
    assert.equal(layout.version, "2.0.0");
    const [{ content_id }] = layout.rows[layout.order[1]].cells;
    assert.deepEqual(contents.report[content_id].params, { sections: {} });
    const listed = (await lab.get(ALL)).json.results;
    assert.deepEqual([listed.length, listed[0].id, "contents" in listed[0]], [1, id, false]);
    assert.deepEqual((await lab.get(`${P}/bookmarks/${content_id}/linked-dashboard-ids`)).json.results, [id]);
  });

  it("refuse what is too long or too much, and make nothing of it", async () => {
    const lab = new AppLab();
    const cases: [object, RegExp][] = [
      [{}, /title/],
      [{ title: "x".repeat(256) }, /title: must not have more than 255/],
      [{ title: "x", description: "x".repeat(401) }, /description: must not have more than 400/],
      [{ title: "x", rows: [{ contents: [] }] }, /1 to 4 contents/],
      [{ title: "x", rows: [{ contents: Array(5).fill(text("a")) }] }, /1 to 4 contents, not 5/],
      [{ title: "x", rows: Array(31).fill({ contents: [text("a")] }) }, /30 rows/],
      [{ title: "x", rows: [{ contents: [text("a".repeat(2001))] }] }, /markdown: must not have more than 2000/],
      [
        { title: "x", rows: [{ contents: [report("A"), report("B", { sections: {} })] }] },
        /params: must be a string/,
      ],
    ];
    for (const [body, message] of cases) {
      const { status, json } = await lab.post(ALL, body);
      assert.deepEqual([status, message.test(json.error) ? "" : json.error], [400, ""]);
    }
    assert.deepEqual((await lab.get(ALL)).json.results, []);
    assert.deepEqual((await lab.get(`${P}/bookmarks`)).json.results, []);
  });

  it("take new contents at the bottom, in full width, and name them", async () => {
    const { patch, shape } = await labWith([report("A")]);
    const made = await patch({ content: { action: "create", ...text("<p>new</p>") } });
    assert.equal(made.json.results.new_content.content_type, "text");
    assert.deepEqual(await shape(), [["A 12"], ["<p>new</p> 12"]]);
  });

  it("copy reports under another name and id, and make new ones as they are called", async () => {
    const { board, patch, shape } = await labWith([report("A")]);
    const [source] = Object.keys((await board()).contents.report);
    await patch({
      content: { action: "create", content_type: "report", content_params: { source_bookmark_id: Number(source) } },
    });
    await patch({ content: { action: "create", ...report("New") } });
    assert.deepEqual(await shape(), [["A 12"], ["Duplicate of A 12"], ["New 12"]]);
  });

  it("update, delete, undelete and duplicate a content", async () => {
    const { lab, board, patch, shape } = await labWith([report("A"), text("<p>t</p>")]);
    const { contents } = await board();
    const [reportId] = Object.keys(contents.report).map(Number);
    const [textId] = Object.keys(contents.text).map(Number);
    const act = (action: string, content_type: string, content_id: number | undefined, content_params?: object) =>
      patch({ content: { action, content_type, content_id, content_params } });
    await act("update", "text", textId, { markdown: "<p>u</p>" });
    assert.deepEqual(await shape(), [["A 6", "<p>u</p> 6"]]);
    await act("delete", "report", reportId);
    assert.deepEqual(await shape(), [["<p>u</p> 12"]]);
    assert.equal((await lab.get(`${P}/bookmarks?v=2&ids=${reportId}`)).json.results.results.length, 0);
    await act("undelete", "report", reportId);
    await act("duplicate", "report", reportId);
    assert.deepEqual(await shape(), [["<p>u</p> 12"], ["A 12"], ["Duplicate of A 12"]]);
    assert.equal((await act("delete", "report", 5)).status, 404);
  });

  it("lay rows out by a list and by rows_order; order changes nothing, silently, and version is refused", async () => {
    const { board, patch, shape } = await labWith([report("A")], [report("B")], [report("C")]);
    const { layout } = await board();
    const order: string[] = layout.order;
    const cell = (row: number) => layout.rows[order[row]!].cells[0].id as string;
    assert.equal((await patch({ layout: { order: order.toReversed() } })).status, 200);
    assert.deepEqual(await shape(), [["A 12"], ["B 12"], ["C 12"]]);
    await patch({ layout: { rows_order: order.toReversed() } });
    assert.deepEqual(await shape(), [["C 12"], ["B 12"], ["A 12"]]);
    const row = { id: order[0], height: 418, cells: [{ id: cell(0), width: 8 }, { id: cell(1), width: 4 }] };
    await patch({ layout: { rows: [row] } });
    assert.deepEqual(await shape(), [["C 12"], ["A 8", "B 4"]]);
    assert.equal((await board()).layout.rows[order[0]!].height, 418);
    const refused: [object, RegExp][] = [
      [{ version: "2.0.0", rows_order: order }, /version/],
      // The row that was left empty is gone.
      [{ rows_order: order }, /unknown row ID/],
      [{ rows: [{ id: "r77", height: 1, cells: [] }] }, /unknown row ID r77/],
      [{ rows: [{ id: order[2], height: 1, cells: [{ id: cell(2), width: 6 }] }] }, /6 wide, not 12/],
      [{ rows: [{ id: order[2], height: 1, cells: [] }] }, /leaves out cell/],
    ];
    for (const [change, message] of refused) {
      const { status, json } = await patch({ layout: change });
      assert.deepEqual([status, message.test(json.error) ? "" : json.error], [400, ""]);
    }
  });

  it("put a new content into a row in one request, by a temporary id", async () => {
    const { board, patch, shape } = await labWith([report("A")]);
    const { layout: { order: [id], rows } } = await board();
    const cells = [{ id: rows[id].cells[0].id, width: 6 }, { temp_id: "-1", width: 6 }];
    const sent = await patch({
      content: { action: "create", ...text("<p>beside</p>") },
      layout: { rows: [{ id, height: 336, cells }] },
    });
    assert.equal(sent.status, 200, sent.text);
    assert.deepEqual(await shape(), [["A 6", "<p>beside</p> 6"]]);
  });

  it("keep only the tags that texts may have", async () => {
    const { shape } = await labWith([text('<p class="x">a <b>b</b> <strong>c</strong><img src="d"></p>')]);
    assert.deepEqual(await shape(), [["<p>a b <strong>c</strong></p> 12"]]);
  });

  it("are pinned, favorites of each user, filtered by time, and deleted with their reports", async () => {
    const { lab, id, board, patch } = await labWith([report("A")]);
    await lab.post(`${ALL}/${id}/pin`, undefined);
    await lab.post(`${ALL}/${id}/favorites`, undefined);
    assert.deepEqual([(await board()).pinned_date, (await board()).is_favorited], ["2026-11-23T12:00:00Z", true]);
    await lab.send("DELETE", `${ALL}/${id}/pin`);
    await lab.send("DELETE", `${ALL}/${id}/favorites`);
    assert.deepEqual([(await board()).pinned_date, (await board()).is_favorited], [null, false]);
    const time_filter = { dateRange: { type: "in the last", window: { unit: "day", value: 30 } } };
    await patch({ time_filter });
    assert.deepEqual((await board()).time_filter, time_filter);
    await patch({ time_filter: {} });
    assert.equal((await board()).time_filter, null);
    assert.equal((await lab.post(`${ALL}/bulk-delete`, { dashboard_ids: [id] })).status, 200);
    assert.equal((await lab.get(`${ALL}/${id}`)).status, 404);
    assert.deepEqual((await lab.get(`${P}/bookmarks`)).json.results, []);
  });

  it("are copied, here and into another project, with contents of their own", async () => {
    const { lab, id } = await labWith([report("A"), text("<p>t</p>")]);
    const here = (await lab.post(ALL, { title: "Copy", duplicate: id })).json.results;
    assert.deepEqual([here.title, Object.keys(here.contents.report).length], ["Copy", 1]);
    const other = lab.addProject();
    const there = (await lab.post(ALL, { title: "Copy", duplicate: id, target_project_id: other.id })).json.results;
    const { contents, layout } = (await lab.get(`/projects/${other.id}/dashboards/${there.id}`)).json.results;
    assert.deepEqual(Object.values(contents.report).map((one) => (one as { name: string }).name), ["A"]);
    assert.equal(layout.order.length, 1);
  });

  it("that are private or restricted are their author's and the admins'", async () => {
    const { lab, id, patch } = await labWith([report("A")]);
    const account = {
      id: 7,
      organizationId: SANDBOX.organizationId,
      username: "other",
      secret: "secret",
      createdMs: 0,
    };
    lab.store.projects.addServiceAccount(account);
    lab.store.projects.setRole(7, SANDBOX.projectId, "analyst");
    const auth = "other:secret";
    const change = () => lab.send("PATCH", `${ALL}/${id}`, '{"title":"x"}', { auth });
    assert.equal((await change()).status, 200);
    await patch({ is_restricted: true });
    assert.equal((await change()).status, 403);
    assert.equal((await lab.send("DELETE", `${ALL}/${id}`, undefined, { auth })).status, 403);
    assert.equal((await lab.send("POST", `${ALL}/bulk-delete`, { dashboard_ids: [id] }, { auth })).status, 403);
    assert.equal((await lab.get(`${ALL}/${id}`, { auth })).json.results.can_update_basic, false);
    await patch({ is_private: true });
    assert.equal((await lab.get(`${ALL}/${id}`, { auth })).status, 404);
    assert.deepEqual((await lab.get(ALL, { auth })).json.results, []);
    assert.equal((await lab.get(`${ALL}/${id}`)).status, 200);
  });
});

describe("templates of dashboards", () => {
  it("are listed, become boards, and are finished card by card", async () => {
    const lab = new AppLab();
    const { templates } = (await lab.get(`${ALL}/blueprints-all?include_reports=true`)).json.results;
    assert.equal(typeof templates.growth.number_of_reports, "number");
    const board = (await lab.post(`${ALL}/blueprints`, { template_type: "growth" })).json.results;
    const [bookmark_id] = Object.keys(board.contents.report).map(Number);
    assert.ok((await lab.get(`${ALL}/${board.id}/blueprint-config`)).json.results.variables);
    const cards = [{ type: "report", bookmark_id, name: "Visits", params: { sections: {} } }];
    const finished = await lab.post(`${ALL}/blueprints/finish`, { dashboard_id: board.id, cards });
    assert.equal(finished.json.results.contents.report[bookmark_id!].name, "Visits");
    assert.equal((await lab.send("PUT", `${ALL}/blueprints/cohorts`, { cohorts: [{ id: 1 }] })).status, 200);
    assert.equal((await lab.post(`${ALL}/blueprints`, { template_type: "no" })).status, 400);
  });

  it("look for the cause of an anomaly", async () => {
    const lab = new AppLab();
    const rca_source_data = { type: "anomaly", date: "2026-04-02", metric_source: false };
    const board = await lab.post(`${ALL}/rca`, { rca_source_id: 5, rca_source_data });
    assert.equal(Object.keys(board.json.results.contents.report).length, 1);
    assert.equal((await lab.post(`${ALL}/rca`, { rca_source_data })).status, 400);
  });

  it("have mails that are made, changed and stopped", async () => {
    const lab = new AppLab();
    const dashboard_id = (await lab.post(ALL, { title: "B" })).json.results.id;
    const PATH = `${P}/dashboard-reports/email-digests`;
    const body = { dashboard_id, name: "Weekly", recipients: ["a@example.com"], recur: 7 };
    const { id, status } = (await lab.post(PATH, body)).json.results;
    assert.equal(status, "active");
    assert.equal((await lab.send("PUT", `${PATH}/${id}`, { ...body, paused: true })).json.results.status, "paused");
    assert.equal((await lab.get(PATH)).json.results.length, 1);
    assert.equal((await lab.send("DELETE", `${PATH}/${id}`)).status, 200);
    assert.equal((await lab.post(PATH, { dashboard_id: 5 })).status, 404);
  });
});
