import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { loadManagedObjects } from "../../../src/sandbox/demo/managed_objects.ts";
import { AppLab } from "./app_lab.ts";

const PROJECT = `/projects/${SANDBOX.projectId}`;
const FLAGS = `${PROJECT}/workspaces/${SANDBOX.workspaceId}/feature-flags`;
const ONE = `${FLAGS}/f0000000-0000-4000-8000-000000000001`;

function demoLab(): AppLab {
  const lab = new AppLab();
  loadManagedObjects(lab.store, SANDBOX.projectId, lab.clock.now());
  return lab;
}

describe("feature flags", () => {
  it("are changed in part by PATCH, which keeps the rest", async () => {
    const lab = demoLab();
    const before = (await lab.get(ONE)).json.results;
    const changed = (await lab.send("PATCH", ONE, { status: "disabled" })).json.results;
    assert.deepEqual([changed.status, changed.enabled_at], ["disabled", null]);
    assert.deepEqual([changed.ruleset, changed.hash_salt], [before.ruleset, before.hash_salt]);
    assert.equal((await lab.send("PATCH", ONE, { stati: "disabled" })).status, 400);
    assert.equal((await lab.send("PATCH", ONE, { key: "price-badge" })).status, 400);
  });

  it("are copied under a key of their own, off", async () => {
    const lab = demoLab();
    const keys = [];
    for (let copies = 0; copies < 2; copies++) {
      const { status, json: { results } } = await lab.post(`${ONE}/duplicate/`, "");
      keys.push([status, results.key, results.status, results.experiment_id]);
    }
    assert.deepEqual(keys, [[201, "new-checkout-copy", "disabled", null], [
      201,
      "new-checkout-copy-2",
      "disabled",
      null,
    ]]);
  });

  it("have a history in numbered pages, and a limit", async () => {
    const lab = demoLab();
    await lab.send("PATCH", ONE, { description: "x" });
    await lab.post(`${ONE}/archive/`, "");
    const all = (await lab.get(`${ONE}/history/`)).json.results;
    assert.deepEqual([all.count, all.events.length], [3, 3]);
    assert.ok(Array.isArray(all.events[0]));
    const second = (await lab.get(`${ONE}/history/?page=2&page_size=2`)).json.results;
    assert.deepEqual(second, { events: all.events.slice(2), count: 3 });
    assert.deepEqual((await lab.get(`${PROJECT}/feature-flags/limits/`)).json.results, {
      limit: 10,
      is_trial: false,
      current_usage: 4,
      contract_status: "active",
    });
    assert.equal((await lab.get(`${ONE}`)).json.results.changes, undefined);
  });
});

describe("experiments", () => {
  const EXPERIMENTS = `${PROJECT}/experiments`;
  const CONCLUDED = `${EXPERIMENTS}/e0000000-0000-4000-8000-000000000004`;

  it("are copied as drafts, with a name or without a body", async () => {
    const lab = demoLab();
    const named = (await lab.post(`${CONCLUDED}/duplicate`, { name: "Again" })).json.results;
    assert.deepEqual([named.name, named.status, named.start_date], ["Again", "draft", null]);
    assert.equal(named.variants.length, 2);
    const copy = (await lab.send("POST", `${CONCLUDED}/duplicate`)).json.results;
    assert.deepEqual([copy.name, copy.status], ["Darker roast first (copy)", "draft"]);
    assert.equal((await lab.post(`${EXPERIMENTS}/nope/duplicate`, {})).status, 404);
  });

  it("have a list of their results", async () => {
    const lab = demoLab();
    await lab.send("PATCH", `${CONCLUDED}/decide`, { success: true, variant: "treatment" });
    const { results } = (await lab.get(`${EXPERIMENTS}/erf/`)).json;
    const decided = results.find(({ id }: { id: string }) => id === "e0000000-0000-4000-8000-000000000004");
    assert.deepEqual([decided.name, decided.results], ["Darker roast first", { variant: "treatment" }]);
  });

  it("are listed with those that are archived when asked to", async () => {
    const lab = demoLab();
    const path = `/workspaces/${SANDBOX.workspaceId}/experiments`;
    const count = async (search = "") => (await lab.get(path + search)).json.results.length;
    const before = [await count(), await count("?include_archived=true")];
    await lab.send("POST", `${path}/e0000000-0000-4000-8000-000000000004/archive`);
    assert.deepEqual([await count(), await count("?include_archived=true")], [before[0]! - 1, before[1]]);
  });
});
