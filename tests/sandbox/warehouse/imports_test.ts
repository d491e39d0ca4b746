import { describe, it } from "node:test";
import assert from "node:assert/strict";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";

const IMPORTS = `/api/app/projects/${SANDBOX.projectId}/warehouse-sources/imports`;
const HOUR_NS = 3_600_000_000_000;
const people = {
  import_type: "people",
  warehouse_source_id: 1,
  table_params: { table: "t" },
  user_column_name: "id",
  sync_mode: "full_sync",
  run_every: HOUR_NS,
};

const send = (lab: Lab, method: string, path: string, body?: unknown) =>
  lab.send(`${IMPORTS}${path}`, { method, body: body === undefined ? undefined : JSON.stringify(body) });

describe("/warehouse-sources/imports", () => {
  it("makes, shows, changes and deletes an import", async () => {
    const lab = new Lab();
    const made = await send(lab, "POST", "/people", people);
    assert.equal(made.status, 200);
    const { id, paused, run_every, user_column_name, creator_name } = made.json.results;
    assert.deepEqual([paused, run_every, user_column_name, creator_name], [false, HOUR_NS, "id", SANDBOX.username]);
    const [listed] = (await send(lab, "GET", "")).json.results;
    assert.deepEqual([listed.id, listed.user_column_name], [id, undefined]);
    const changed = await send(lab, "PATCH", `/${id}`, { paused: true, run_every: 0, databricks_params: { a: 1 } });
    assert.deepEqual([changed.json.results.paused, changed.json.results.run_every], [true, 0]);
    assert.deepEqual((await send(lab, "GET", `/${id}`)).json.results.databricks_params, { a: 1 });
    assert.deepEqual((await send(lab, "DELETE", `/${id}`, { delete_data: false })).json, { status: "ok" });
    assert.equal((await send(lab, "GET", `/${id}`)).status, 404);
    assert.deepEqual((await send(lab, "GET", "")).json.results, []);
  });

  it("refuses what is missing, wrong, or refers to nothing", async () => {
    const lab = new Lab();
    for (
      const [changes, status] of [
        [{ user_column_name: undefined }, 400],
        [{ import_type: "groups" }, 400],
        [{ sync_mode: "often" }, 400],
        [{ run_every: 1 }, 400],
        [{ table_params: "t" }, 400],
        [{ warehouse_source_id: 2 }, 404],
      ] as const
    ) {
      const reply = await send(lab, "POST", "/people", { ...people, ...changes });
      assert.deepEqual([reply.status, reply.json.status], [status, "error"], JSON.stringify(changes));
    }
    assert.equal((await send(lab, "POST", "/people", [])).status, 400);
    assert.equal((await lab.send(`${IMPORTS}/people`, { method: "POST", body: "{" })).status, 400);
    const { id } = (await send(lab, "POST", "/people", people)).json.results;
    assert.equal((await send(lab, "PATCH", `/${id}`, { paused: true })).status, 400);
    assert.equal((await send(lab, "PATCH", `/${id}`, { run_every: 0 })).status, 400);
    assert.equal((await send(lab, "PUT", "/17/manual-sync")).status, 404);
  });

  it("lets analysts look, and no more", async () => {
    const lab = new Lab();
    lab.store.projects.setRole(1, SANDBOX.projectId, "analyst");
    assert.equal((await send(lab, "GET", "")).status, 200);
    assert.equal((await send(lab, "POST", "/people", people)).status, 403);
  });

  it("runs at once, then by the schedule; a one-time import only once", async () => {
    const lab = new Lab();
    const runs = async (body: unknown) => {
      const { id } = (await send(lab, "POST", "/people", body)).json.results;
      lab.clock.advance(2 * 3_600_000);
      return (await send(lab, "GET", `/${id}/history`)).json.results.runs.length;
    };
    assert.equal(await runs(people), 3);
    assert.equal(await runs({ ...people, sync_mode: "one_time" }), 1);
    assert.equal(await runs({ ...people, run_every: 0 }), 1);
  });
});
