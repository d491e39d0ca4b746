import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { COHORT } from "../../../src/sandbox/query/saved_cohort.ts";
import { Lab, NOW_SECONDS } from "../lab.ts";

function labWithProfiles(): Lab {
  const lab = new Lab();
  lab.store.profiles.putAll(SANDBOX.projectId, [
    { distinctId: "a", properties: { plan: "pro", age: 20, $name: "Ada" } },
    { distinctId: "b", properties: { plan: "free", age: 30, $email: "ben@example.com" } },
    { distinctId: "c", properties: { plan: "pro", age: 40 } },
    { distinctId: "d", properties: { plan: "pro" } },
  ]);
  lab.store.savedObjects.put(SANDBOX.projectId, COHORT, 8001, { name: "Pro", selector: 'properties["plan"] == "pro"' });
  return lab;
}

async function ask(lab: Lab, path: string, body: Record<string, unknown>) {
  return await lab.send(`/api/query${path}`, {
    method: "POST",
    body: JSON.stringify({ project_id: SANDBOX.projectId, ...body }),
    headers: { "content-type": "application/json" },
  });
}

describe("/engage/stats", () => {
  it("counts profiles, all or those of a selector or a cohort, with the project in the body", async () => {
    const lab = labWithProfiles();
    const { status, json } = await ask(lab, "/engage/stats", { action: "count()" });
    assert.deepEqual([status, json.results, json.status], [200, 4, "ok"]);
    assert.match(json.computed_at, /^2026-11-23T12:00:00\.000000\+00:00$/);
    const count = async (body: Record<string, unknown>) => (await ask(lab, "/engage/stats", body)).json.results;
    assert.equal(await count({ selector: 'user["age"] > 20' }), 2);
    assert.equal(await count({ filter_by_cohort: { id: 8001 } }), 3);
  });

  it("computes extremes, percentiles and summaries of what is a number", async () => {
    const lab = labWithProfiles();
    const results = async (action: string) => (await ask(lab, "/engage/stats", { action })).json.results;
    assert.deepEqual(await results('extremes(properties["age"])'), { min: 20, max: 40 });
    assert.equal(await results('percentile(properties["age"],50)'), 30);
    const { count, sum, avg } = await results('numeric_summary(properties["age"])');
    assert.deepEqual([count, sum, avg], [3, 90, 30]);
  });

  it("refuses actions that it does not know", async () => {
    const lab = labWithProfiles();
    for (
      const action of [
        "sum()",
        "count",
        "extremes()",
        'percentile(properties["age"])',
        'percentile(properties["age"],101)',
      ]
    ) {
      assert.equal((await ask(lab, "/engage/stats", { action })).status, 400, action);
    }
  });
});

describe("/engage", () => {
  it("sorts by an expression, with those that have no value last, and searches", async () => {
    const lab = labWithProfiles();
    const ids = async (body: Record<string, unknown>) =>
      (await ask(lab, "/engage", body)).json.results.map((one: { $distinct_id: string }) => one.$distinct_id);
    assert.deepEqual(await ids({ sort_key: 'user["age"]', sort_order: "descending" }), ["c", "b", "a", "d"]);
    assert.deepEqual(await ids({ sort_key: 'properties["age"]' }), ["a", "b", "c", "d"]);
    assert.deepEqual(await ids({ search: "ADA" }), ["a"]);
    assert.deepEqual(await ids({ search: "ben@" }), ["b"]);
    assert.equal((await ask(lab, "/engage", { sort_key: 'user["age"]', sort_order: "up" })).status, 400);
  });
});

describe("/data_definitions/events", () => {
  it("lists events, and on request their properties", async () => {
    const lab = new Lab();
    lab.load([
      { event: "A", properties: { time: NOW_SECONDS - 60, distinct_id: "a", x: 1 } },
      { event: "B", properties: { time: NOW_SECONDS - 60, distinct_id: "a", y: 1 } },
    ]);
    const get = async (parameters: Record<string, string>) =>
      (await lab.query("/data_definitions/events", parameters)).json.results;
    assert.deepEqual(await get({}), [{ name: "A" }, { name: "B" }]);
    const [one, ...others] = await get({ fetch_per_event_properties: "true", "name[]": '["B"]' });
    assert.deepEqual([one.name, others], ["B", []]);
    const names = one.properties.map(({ name }: { name: string }) => name);
    assert.deepEqual([names.includes("y"), names.includes("x")], [true, false]);
  });
});
