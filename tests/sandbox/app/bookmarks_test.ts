import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const P = `/projects/${SANDBOX.projectId}`;
const PARAMS = { sections: { show: [] }, displayOptions: { chartType: "line" } };

async function labWithBoard() {
  const lab = new AppLab();
  const board = (await lab.post(`${P}/dashboards`, { title: "Board" })).json.results.id as number;
  const save = async (name: string, more: object = {}) =>
    (await lab.post(`${P}/bookmarks`, { name, type: "insights", params: PARAMS, dashboard_id: board, v: 2, ...more }))
      .json.results;
  return { lab, board, save };
}

describe("bookmarks", () => {
  it("are owned by a board that they are not placed on, and have the fields of the web page", async () => {
    const { lab, board, save } = await labWithBoard();
    const { id } = await save("Orders", { description: "Weekly" });
    const { json } = await lab.get(`${P}/bookmarks/${id}?v=2`);
    const { name, type, description, params, dashboard_id, original_type, can_update_basic, created } = json.results;
    assert.deepEqual(
      { name, type, description, params, dashboard_id, original_type, can_update_basic, created },
      {
        name: "Orders",
        type: "insights",
        description: "Weekly",
        params: PARAMS,
        dashboard_id: board,
        original_type: "insights",
        can_update_basic: true,
        created: "2026-11-23T12:00:00",
      },
    );
    assert.deepEqual((await lab.get(`${P}/dashboards/${board}`)).json.results.layout.order, []);
    for (const path of [`bookmarks/${id}/linked-dashboard-ids`, `dashboards/bookmarks/${id}/dashboard-ids`]) {
      assert.deepEqual((await lab.get(`${P}/${path}`)).json.results, [], path);
    }
  });

  it("cannot be made without a board, or with an unknown one: the board is said not to exist", async () => {
    const lab = new AppLab();
    for (const more of [{}, { dashboard_id: 5 }]) {
      const { status, json } = await lab.post(`${P}/bookmarks`, {
        name: "x",
        type: "insights",
        params: PARAMS,
        ...more,
      });
      assert.deepEqual([status, json], [400, { status: "error", error: "Dashboard doesn't exist" }]);
    }
  });

  it("are listed in a second envelope by version 2, by type and by ids", async () => {
    const { lab, save } = await labWithBoard();
    const first = await save("A");
    const second = await save("B", { type: "funnels" });
    const ids = async (query: string) => {
      const { results } = (await lab.get(`${P}/bookmarks?${query}`)).json;
      return (results.results ?? results).map((one: { id: number }) => one.id);
    };
    assert.ok(Array.isArray((await lab.get(`${P}/bookmarks?v=2`)).json.results.results));
    assert.ok(Array.isArray((await lab.get(`${P}/bookmarks`)).json.results));
    assert.deepEqual(await ids("v=2"), [first.id, second.id]);
    assert.deepEqual(await ids("v=2&type=funnels"), [second.id]);
    assert.deepEqual(await ids(`v=2&ids=${first.id},77`), [first.id]);
  });

  it("change by PATCH, and say in pages what they were", async () => {
    const { lab, save } = await labWithBoard();
    const { id } = await save("A");
    for (const name of ["B", "C"]) {
      const { json } = await lab.send("PATCH", `${P}/bookmarks/${id}`, { name, v: 2 });
      assert.deepEqual([json.results.name, json.results.params], [name, PARAMS]);
    }
    const first = (await lab.get(`${P}/bookmarks/${id}/history?page_size=1`)).json;
    assert.deepEqual([first.results.length, first.results[0].name, first.pagination.page_size], [1, "B", 1]);
    const next = await lab.get(`${P}/bookmarks/${id}/history?page_size=1&cursor=${first.pagination.next_cursor}`);
    assert.deepEqual([next.json.results[0].name, next.json.pagination.next_cursor], ["A", null]);
  });

  it("change and go many at once, and all or none", async () => {
    const { lab, save } = await labWithBoard();
    const ids = [(await save("A")).id, (await save("B")).id];
    const bookmarks = ids.map((id, index) => ({ id, name: `new ${index}` }));
    assert.equal((await lab.post(`${P}/bookmarks/bulk-update`, { bookmarks })).status, 200);
    assert.equal((await lab.get(`${P}/bookmarks/${ids[1]}`)).json.results.name, "new 1");
    assert.equal((await lab.post(`${P}/bookmarks/bulk-delete`, { bookmark_ids: [ids[0], 5] })).status, 404);
    assert.equal((await lab.get(`${P}/bookmarks/${ids[0]}`)).status, 200);
    assert.equal((await lab.post(`${P}/bookmarks/bulk-delete`, { bookmark_ids: ids })).status, 200);
    assert.equal((await lab.get(`${P}/bookmarks/${ids[0]}`)).status, 404);
  });

  it("are changed by analysts and read by consumers; what is restricted is its author's", async () => {
    const { lab, save } = await labWithBoard();
    const { id } = await save("A", { is_modification_restricted: true });
    const auth = "other:secret";
    const account = {
      id: 7,
      organizationId: SANDBOX.organizationId,
      username: "other",
      secret: "secret",
      createdMs: 0,
    };
    lab.store.projects.addServiceAccount(account);
    const change = () => lab.send("PATCH", `${P}/bookmarks/${id}`, { name: "B" }, { auth, headers: JSON_BODY });
    for (
      const [role, status, can] of [["consumer", 403, false], ["analyst", 403, false], ["admin", 200, true]] as const
    ) {
      lab.store.projects.setRole(7, SANDBOX.projectId, role);
      const shown = await lab.get(`${P}/bookmarks/${id}`, { auth });
      assert.deepEqual([shown.status, shown.json.results.can_update_basic], [200, can], role);
      assert.equal((await change()).status, status, role);
      if (!can) assert.equal((await lab.send("DELETE", `${P}/bookmarks/${id}`, undefined, { auth })).status, 403, role);
    }
  });

  it("refuse the charts that are not saved any more", async () => {
    const { lab, board } = await labWithBoard();
    const params = { sections: {}, displayOptions: { chartType: "bar-stacked" } };
    const body = { name: "x", type: "insights", params, dashboard_id: board };
    assert.equal((await lab.post(`${P}/bookmarks`, body)).status, 422);
  });
});

const JSON_BODY = { "content-type": "application/json" };

describe("bookmark-urls", () => {
  const slug = "AbC-dEf_123z";
  const behavior = { type: "event", name: "Buy", filters: [] };
  const body = {
    slug,
    type: "insights",
    params: { sections: { show: [{ type: "metric", behavior }] } },
    name: "Ad hoc",
  };

  it("keep a question under its slug, in the server's own words", async () => {
    const lab = new AppLab();
    assert.equal((await lab.post(`${P}/bookmark-urls/`, body)).status, 200);
    const { results } = (await lab.get(`${P}/bookmark-urls/${slug}/`)).json;
    assert.deepEqual([results.slug, results.type, results.name], [slug, "insights", "Ad hoc"]);
    const [{ behavior: written }] = results.params.sections.show;
    assert.deepEqual([written.type, written.behaviors[0].name], ["simple", "Buy"]);
    assert.equal((await lab.get(`${P}/bookmark-urls/${slug}`)).status, 301);
  });

  it("refuse slugs of another form, and a workspace in the body", async () => {
    const lab = new AppLab();
    for (
      const bad of [{ slug: "short" }, { slug: "AbC-dEf_123!" }, { type: "user" }, { workspace_id: 1 }, {
        params: null,
      }]
    ) {
      assert.equal((await lab.post(`${P}/bookmark-urls/`, { ...body, ...bad })).status, 400, JSON.stringify(bad));
    }
    assert.equal((await lab.get(`${P}/bookmark-urls/${slug}/`)).status, 404);
  });

  it("are not there in another project", async () => {
    const lab = new AppLab();
    await lab.post(`${P}/bookmark-urls/`, body);
    const other = lab.addProject();
    assert.equal((await lab.get(`/projects/${other.id}/bookmark-urls/${slug}/`)).status, 404);
  });
});
