import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab, NOW_SECONDS, record } from "../lab.ts";

const PATH = `/api/query/engage?project_id=${SANDBOX.projectId}`;

function labWithProfiles(settings = {}): Lab {
  const lab = new Lab(settings);
  lab.store.profiles.putAll(SANDBOX.projectId, [
    { distinctId: "a", properties: { plan: "pro", age: 20, $last_seen: "2026-11-20T10:00:00" } },
    { distinctId: "b", properties: { plan: "free", age: 30, $last_seen: "2026-11-21T10:00:00" } },
    { distinctId: "c", properties: { plan: "pro", age: 40, $last_seen: "2026-11-22T10:00:00" } },
  ]);
  return lab;
}

async function ids(lab: Lab, body: Record<string, string>): Promise<string[]> {
  const reply = await lab.send(PATH, { method: "POST", body: new URLSearchParams(body) });
  assert.equal(reply.status, 200, reply.text);
  return reply.json.results.map((result: { $distinct_id: string }) => result.$distinct_id);
}

describe("/engage of the query API", () => {
  it("lists profiles in a page with its session", async () => {
    const reply = await labWithProfiles().query("/engage");
    const { results, session_id, ...rest } = reply.json;
    assert.deepEqual(rest, { page: 0, page_size: 1000, status: "ok", total: 3 });
    assert.match(session_id, /^\d+-[0-9a-f]{6}$/);
    assert.deepEqual(results[0], {
      $distinct_id: "a",
      $properties: { plan: "pro", age: 20, $last_seen: "2026-11-20T10:00:00" },
    });
  });

  it("filters by expression, by either of its names", async () => {
    const lab = labWithProfiles();
    assert.deepEqual(await ids(lab, { where: 'properties["plan"] == "pro" and properties["age"] > 20' }), ["c"]);
    assert.deepEqual(await ids(lab, { selector: 'properties["age"] < 40' }), ["a", "b"]);
    assert.deepEqual(await ids(lab, { where: 'properties["$last_seen"] >= "2026-11-21T00:00:00"' }), ["b", "c"]);
    assert.deepEqual(await ids(lab, { where: 'user["plan"] == "free"' }), ["b"]);
  });

  it("finds one profile, or several, in the order of the question", async () => {
    const lab = labWithProfiles();
    assert.deepEqual(await ids(lab, { distinct_id: "b" }), ["b"]);
    assert.deepEqual(await ids(lab, { distinct_ids: '["c","nobody","a","c"]' }), ["c", "a"]);
    assert.deepEqual(await ids(lab, { distinct_ids: '["c","a"]', where: 'properties["age"] < 30' }), ["a"]);
    assert.deepEqual(await ids(lab, { distinct_id: "nobody" }), []);
  });

  it("takes its parameters as a form, as JSON, and as JSON that is labelled a form", async () => {
    const lab = labWithProfiles();
    const body = JSON.stringify({ distinct_ids: ["a"], output_properties: ["age", "nothing"] });
    for (const type of ["application/json", "application/x-www-form-urlencoded"]) {
      const reply = await lab.send(PATH, { method: "POST", headers: { "content-type": type }, body });
      assert.deepEqual(reply.json.results, [{ $distinct_id: "a", $properties: { age: 20 } }], type);
    }
    const get = await lab.query("/engage", { distinct_id: "a", output_properties: '["plan"]' });
    assert.deepEqual(get.json.results, [{ $distinct_id: "a", $properties: { plan: "pro" } }]);
  });

  it("pages through what matched at first, and tells the total once", async () => {
    const lab = labWithProfiles({ profilePageSize: 2 });
    const first = (await lab.query("/engage", { where: 'properties["age"] > 0' })).json;
    assert.deepEqual([first.total, first.page_size, first.results.length], [3, 2, 2]);
    lab.store.profiles.putAll(SANDBOX.projectId, [{ distinctId: "aa", properties: { age: 1 } }]);
    const second = (await lab.query("/engage", { session_id: first.session_id, page: "1" })).json;
    assert.equal(second.total, undefined);
    assert.equal(second.session_id, first.session_id);
    assert.deepEqual(second.results.map((one: { $distinct_id: string }) => one.$distinct_id), ["c"]);
    const third = (await lab.query("/engage", { session_id: first.session_id, page: "2" })).json;
    assert.deepEqual(third.results, []);
  });

  it("takes a page size", async () => {
    const { json } = await labWithProfiles().query("/engage", { page_size: "1" });
    assert.deepEqual([json.page_size, json.results.length, json.total], [1, 1, 3]);
  });

  it("refuses later pages without a session, with an unknown one, or with one that is over", async () => {
    const lab = labWithProfiles({ profileSessionMs: 1000 });
    assert.equal((await lab.query("/engage", { page: "1" })).status, 400);
    assert.equal((await lab.query("/engage", { page: "1", session_id: "x" })).status, 400);
    const { session_id } = (await lab.query("/engage")).json;
    assert.equal((await lab.query("/engage", { page: "1", session_id })).status, 200);
    const { id } = lab.addProject();
    const other = await lab.send(`/api/query/engage?project_id=${id}&page=1&session_id=${session_id}`);
    assert.equal(other.status, 400);
    lab.clock.advance(1000);
    assert.equal((await lab.query("/engage", { page: "1", session_id })).status, 400);
  });

  it("filters by a saved cohort", async () => {
    const lab = labWithProfiles();
    const cohort = { name: "Pros", description: "They pay", selector: 'properties["plan"] == "pro"' };
    lab.store.savedObjects.put(SANDBOX.projectId, "cohort", 1000, cohort);
    assert.deepEqual(await ids(lab, { filter_by_cohort: '{"id":1000}' }), ["a", "c"]);
    const json = await lab.send(PATH, { method: "POST", body: JSON.stringify({ filter_by_cohort: '{"id": 1000}' }) });
    assert.equal(json.json.total, 2);
    assert.equal((await lab.query("/engage", { filter_by_cohort: '{"id":1}' })).status, 400);
    assert.equal((await lab.query("/engage", { filter_by_cohort: "1000" })).status, 400);
    const [listed] =
      (await lab.send(`/api/query/cohorts/list?project_id=${SANDBOX.projectId}`, { method: "POST" })).json;
    assert.deepEqual(listed, {
      count: 2,
      is_visible: 1,
      description: "They pay",
      created: "2024-01-01 00:00:00",
      project_id: SANDBOX.projectId,
      id: 1000,
      name: "Pros",
      data_group_id: null,
    });
  });

  it("filters by what people did lately", async () => {
    const lab = labWithProfiles();
    lab.load([
      record({ distinct_id: "a", $insert_id: "1", amount: 5 }, "Buy"),
      record({ distinct_id: "b", $insert_id: "2", amount: 50 }, "Buy"),
      record({ distinct_id: "c", $insert_id: "3", time: NOW_SECONDS - 40 * 86_400 }, "Buy"),
    ]);
    const behaviors = (selector: object) =>
      JSON.stringify([{ window: "30d", name: "bought", event_selectors: [{ event: "Buy", ...selector }] }]);
    const where = '(behaviors["bought"] > 0)';
    assert.deepEqual(await ids(lab, { where, behaviors: behaviors({}) }), ["a", "b"]);
    assert.deepEqual(await ids(lab, { where: '(behaviors["bought"] == 0)', behaviors: behaviors({}) }), ["c"]);
    assert.deepEqual(await ids(lab, { where, behaviors: behaviors({ selector: 'properties["amount"] > 10' }) }), ["b"]);
    assert.equal((await lab.query("/engage", { where, behaviors: '[{"name":"x"}]' })).status, 400);
  });

  it("gives the one profile itself to the reference's form", async () => {
    const lab = labWithProfiles();
    const reply = await lab.query("/engage/query", { distinct_id: "b", output_properties: '["age"]' });
    assert.deepEqual(reply.json, { $distinct_id: "b", $properties: { age: 30 } });
    assert.equal((await lab.query("/engage/query", { distinct_id: "nobody" })).status, 404);
    assert.equal((await lab.query("/engage/query")).status, 400);
  });

  it("lists the properties that profiles have", async () => {
    const { results } = (await labWithProfiles().query("/engage/properties")).json;
    assert.deepEqual(results, {
      plan: { count: 3, type: "string" },
      age: { count: 3, type: "number" },
      $last_seen: { count: 3, type: "datetime" },
    });
  });
});
