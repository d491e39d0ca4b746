import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { BOOKMARK, type SavedBookmark } from "../../../src/sandbox/app/saved_bookmark.ts";
import { AppLab } from "./app_lab.ts";

const PATH = `/projects/${SANDBOX.projectId}/alerts/custom/`;
const ALERT = {
  bookmark_id: 9001,
  name: "Few purchases",
  condition: { operator: "less_than", value: 50 },
  frequency: 86_400,
  paused: false,
  subscriptions: [{ type: "email", value: "a@example.com" }],
};

function labWithReport(): AppLab {
  const lab = new AppLab();
  const put = (id: number, type: SavedBookmark["type"]) =>
    lab.store.savedObjects.put(
      SANDBOX.projectId,
      BOOKMARK,
      id,
      { name: "R", type, params: {} } satisfies SavedBookmark,
    );
  put(9001, "insights");
  put(9002, "retention");
  return lab;
}

const idsIn = (results: { id: number }[]) => results.map(({ id }) => id);

describe("alerts", () => {
  it("are made, listed with their report and their maker, and shown alone with little", async () => {
    const lab = labWithReport();
    const made = await lab.post(PATH, ALERT);
    assert.deepEqual([made.status, made.json.results.id], [201, 1001]);
    const [listed] = (await lab.get(PATH)).json.results;
    assert.deepEqual(listed.bookmark, { id: 9001, name: "R", type: "insights" });
    assert.deepEqual([listed.condition, listed.subscriptions], [ALERT.condition, ALERT.subscriptions]);
    assert.equal(listed.creator.email, SANDBOX.username);
    assert.deepEqual([listed.project.id, listed.workspace.id], [SANDBOX.projectId, SANDBOX.workspaceId]);
    assert.deepEqual((await lab.get(`${PATH}1001/`)).json.results, { id: 1001, name: "Few purchases" });
  });

  it("of others are listed on request only", async () => {
    const lab = labWithReport();
    await lab.post(PATH, ALERT);
    const auth = `Bearer ${SANDBOX.oauthToken}`;
    assert.deepEqual((await lab.get(PATH, { auth })).json.results, []);
    assert.deepEqual(idsIn((await lab.get(`${PATH}?skip_user_filter=true`, { auth })).json.results), [1001]);
    assert.deepEqual((await lab.get(`${PATH}?bookmark_id=7`)).json.results, []);
  });

  it("keep what a change does not name, and go one by one or many at once", async () => {
    const lab = labWithReport();
    for (const name of ["a", "b", "c"]) await lab.post(PATH, { ...ALERT, name });
    const changed = await lab.send("PATCH", `${PATH}1001/`, { paused: true });
    assert.deepEqual([changed.json.results.paused, changed.json.results.name], [true, "a"]);
    assert.equal((await lab.send("DELETE", `${PATH}1001/`)).status, 200);
    assert.equal((await lab.post(`${PATH}bulk-delete/`, { alert_ids: [1002, 7] })).status, 404);
    assert.equal((await lab.post(`${PATH}bulk-delete/`, { alert_ids: [1002] })).status, 200);
    assert.deepEqual(idsIn((await lab.get(PATH)).json.results), [1003]);
    assert.equal((await lab.get(`${PATH}1002/`)).status, 404);
  });

  it("are refused with a long name, another frequency, another kind of report, or without a field", async () => {
    const lab = labWithReport();
    const { condition: _condition, ...without } = ALERT;
    const bad = [{ name: "x".repeat(51) }, { frequency: 60 }, { bookmark_id: 9002 }, { paused: null }, {
      subscriptions: null,
    }];
    for (const change of bad) assert.equal((await lab.post(PATH, { ...ALERT, ...change })).status, 400);
    assert.equal((await lab.post(PATH, without)).status, 400);
    assert.equal((await lab.post(PATH, { ...ALERT, bookmark_id: 7 })).status, 404);
    assert.equal((await lab.post(`${PATH}test/`, without)).status, 400);
    assert.deepEqual((await lab.post(`${PATH}test/`, ALERT)).json, { status: "ok", results: {} });
    assert.deepEqual((await lab.get(PATH)).json.results, []);
  });

  it("have a history in pages that lead on by a cursor", async () => {
    const lab = labWithReport();
    await lab.post(PATH, ALERT);
    const { savedObjects } = lab.store;
    const saved = savedObjects.get<object>(SANDBOX.projectId, "alert", 1001)!;
    const history = [1, 2, 3].map((value) => ({ value }));
    savedObjects.put(SANDBOX.projectId, "alert", 1001, { ...saved, history });
    const first = (await lab.get(`${PATH}1001/history/?page_size=2`)).json;
    assert.deepEqual([first.status, first.results], ["ok", history.slice(0, 2)]);
    const { next_cursor, ...rest } = first.pagination;
    assert.deepEqual(rest, { page_size: 2, previous_cursor: null });
    const last =
      (await lab.get(`${PATH}1001/history/?page_size=2&next_cursor=${encodeURIComponent(next_cursor)}`)).json;
    assert.deepEqual([last.results, last.pagination.next_cursor], [history.slice(2), null]);
    assert.equal((await lab.get(`${PATH}1001/history/?next_cursor=no`)).status, 400);
    assert.equal((await lab.get(`${PATH}1001/history/?page_size=0`)).status, 400);
  });

  it("are counted, checked against a report, and have the address of a picture", async () => {
    const lab = labWithReport();
    await lab.post(PATH, ALERT);
    await lab.post(PATH, { ...ALERT, condition: { type: "anomaly" } });
    assert.deepEqual((await lab.get(`${PATH}alert-count/?type=anomaly`)).json.results, {
      anomaly_alerts_count: 1,
      alert_limit: 5,
      is_below_limit: true,
    });
    const body = { alert_ids: [1001, 7], bookmark_type: "insights", bookmark_params: { sections: { show: [{}] } } };
    assert.deepEqual((await lab.post(`${PATH}validate-alerts-for-bookmark/`, body)).json.results, {
      alert_validations: [
        { alert_id: 1001, alert_name: "Few purchases", valid: true, reason: null },
        { alert_id: 7, alert_name: null, valid: false, reason: "Alert not found" },
      ],
      invalid_count: 1,
    });
    assert.equal((await lab.get(`${PATH}screenshot/`)).status, 400);
    assert.match((await lab.get(`${PATH}screenshot/?gcs_key=a.png`)).json.results.signed_url, /a\.png\?/);
  });

  it("are not changed by those who may only read", async () => {
    const lab = labWithReport();
    lab.store.projects.setRole(1, SANDBOX.projectId, "consumer");
    assert.equal((await lab.get(PATH)).status, 200);
    for (const path of ["", "test/", "bulk-delete/"]) assert.equal((await lab.post(PATH + path, ALERT)).status, 403);
  });
});
