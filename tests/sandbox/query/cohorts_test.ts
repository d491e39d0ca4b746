import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";

function labWithPeople(): Lab {
  const lab = new Lab();
  for (const [id, plan] of [["a", "pro"], ["b", "free"]]) {
    lab.store.profiles.put(SANDBOX.projectId, "", id!, { plan });
  }
  return lab;
}

const post = (lab: Lab, body: object) =>
  lab.query("/cohorts", {}, {
    method: "POST",
    body: JSON.stringify(body),
    headers: { "content-type": "application/json" },
  });

describe("/cohorts", () => {
  it("saves a cohort that is listed and found from then on", async () => {
    const lab = labWithPeople();
    const { status, json } = await post(lab, {
      name: "Pro",
      project_id: SANDBOX.projectId,
      filter: { type: "user", selector: { where: 'properties["plan"] == "pro"' } },
    });
    assert.equal(status, 200);
    assert.deepEqual(json, {
      count: 1,
      is_visible: 1,
      description: "",
      created: "2026-11-23 12:00:00",
      project_id: SANDBOX.projectId,
      id: 1001,
      name: "Pro",
      data_group_id: null,
    });
    assert.deepEqual((await lab.query("/cohorts/list", {}, { method: "POST" })).json, [json]);
    const members = await lab.query("/engage", { filter_by_cohort: '{"id": 1001}' });
    assert.deepEqual(members.json.results.map(({ $distinct_id }: { $distinct_id: string }) => $distinct_id), ["a"]);
  });

  it("refuses one without a name, a filter or an expression that it understands", async () => {
    const lab = labWithPeople();
    const filter = { type: "user", selector: 'properties["plan"] == "pro"' };
    assert.equal((await post(lab, { filter })).json.error, "Missing required parameter: name");
    assert.equal((await post(lab, { name: "x" })).json.error, "Missing required parameter: filter");
    assert.equal((await post(lab, { name: "x", filter: { type: "user", selector: 3 } })).status, 400);
    assert.match(
      (await post(lab, { name: "x", filter: { type: "user", selector: "plan = 3" } })).json.error,
      /^invalid expression/,
    );
    assert.deepEqual((await lab.query("/cohorts/list")).json, []);
  });
});
