import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const METRICS = `/projects/${SANDBOX.projectId}/metrics/`;
const BEHAVIORS = `/projects/${SANDBOX.projectId}/behaviors/`;
const definition = { behavior: { type: "event", name: "Buy" }, measurement: { math: "total" } };
const ORDERS = { name: "Orders", type: "metric", definition };
const BUYING = { name: "Buying", type: "simple", definition: { behavior: { type: "event", name: "Buy" } } };

describe("saved metrics and behaviors", () => {
  it("are maps from ids to rows, one alone too", async () => {
    const lab = new AppLab();
    const made = await lab.post(METRICS, ORDERS);
    const [[id, row]] = Object.entries(made.json.results) as [[string, Record<string, unknown>]];
    assert.deepEqual([String(row.id), row.name, row.definition, row.can_view], [id, "Orders", definition, true]);
    assert.deepEqual((await lab.get(METRICS)).json.results, made.json.results);
    assert.deepEqual((await lab.get(`${METRICS}${id}/`)).json.results, made.json.results);
    // Also without the slash, and never below a workspace.
    assert.equal((await lab.get(METRICS.slice(0, -1))).status, 200);
    assert.equal((await lab.get(`/workspaces/${SANDBOX.workspaceId}/metrics/`)).status, 404);
  });

  it("take verified and owned_by only with a change, which is not checked", async () => {
    const lab = new AppLab();
    const made = await lab.post(METRICS, { ...ORDERS, verified: true, owned_by: { id: 7 } });
    const [row] = Object.values(made.json.results) as { id: number; verified: boolean; owned_by: unknown }[];
    assert.deepEqual([row!.verified, row!.owned_by], [false, null]);
    const change = { verified: true, owned_by: { id: 7 }, type: "formula", definition: { odd: 1 } };
    const changed = (await lab.send("PATCH", `${METRICS}${row!.id}/`, change)).json.results[row!.id];
    assert.deepEqual(
      [changed.verified, changed.owned_by, changed.type, changed.definition],
      [true, { id: 7 }, "metric", { odd: 1 }],
    );
    assert.equal(changed.last_verified_by.name, SANDBOX.username);
  });

  it("are changed and deleted together; a single metric cannot be deleted", async () => {
    const lab = new AppLab();
    const ids: number[] = [];
    for (const name of ["A", "B"]) {
      ids.push(Number(Object.keys((await lab.post(METRICS, { ...ORDERS, name })).json.results)[0]));
    }
    const many = await lab.send("PATCH", METRICS, { metrics: ids.map((id) => ({ id, description: "d" })) });
    assert.deepEqual(
      Object.values(many.json.results).map((one) => (one as typeof ORDERS & { description: string }).description),
      [
        "d",
        "d",
      ],
    );
    const single = await lab.send("DELETE", `${METRICS}${ids[0]}/`);
    assert.deepEqual([single.status, single.json.error], [501, "NOT IMPLEMENTED"]);
    const bulk = await lab.send("DELETE", METRICS, { metrics: [{ id: ids[0] }, { id: 4711 }] });
    assert.deepEqual([bulk.status, bulk.json.results], [200, {}]);
    assert.deepEqual(Object.keys((await lab.get(METRICS)).json.results), [String(ids[1])]);
    // The name is free again.
    assert.equal((await lab.post(METRICS, { ...ORDERS, name: "A" })).status, 200);
  });

  it("of a behavior alone has a path to delete it by", async () => {
    const lab = new AppLab();
    const [id] = Object.keys((await lab.post(BEHAVIORS, BUYING)).json.results);
    assert.equal((await lab.send("DELETE", `${BEHAVIORS}${id}/`)).status, 200);
    assert.deepEqual((await lab.get(BEHAVIORS)).json.results, {});
  });

  it("that are unknown are a 404 of a metric, and a 500 of a behavior", async () => {
    const lab = new AppLab();
    assert.equal((await lab.get(`${METRICS}4711/`)).status, 404);
    const behavior = await lab.get(`${BEHAVIORS}4711/`);
    assert.equal(behavior.status, 500);
    assert.match(behavior.json.message, /^An unexpected error occurred/);
  });

  it("refuse a name that is taken, and fail on one that is too long", async () => {
    const lab = new AppLab();
    await lab.post(METRICS, ORDERS);
    const twice = await lab.post(METRICS, ORDERS);
    assert.deepEqual([twice.status, twice.json.error], [409, "A metric with that name already exists"]);
    assert.equal((await lab.post(METRICS, { ...ORDERS, name: "x".repeat(256) })).status, 500);
  });

  it("say what is wrong with a body, and repeat it", async () => {
    const lab = new AppLab();
    const wrong: object[] = [
      { ...ORDERS, type: "funnel" },
      { ...ORDERS, definition: {} },
      { ...ORDERS, colour: "<red>" },
      { type: "metric", definition },
    ];
    for (const body of wrong) {
      const { status, json } = await lab.post(METRICS, body);
      assert.equal(status, 400);
      assert.ok(Array.isArray(json.details.path));
    }
    assert.match((await lab.post(METRICS, { ...ORDERS, colour: "<red>" })).json.request, /&lt;red&gt;/);
  });

  it("are not saved by every plan", async () => {
    const { status, json } = await new AppLab({ planLacks: ["metrics"] }).post(METRICS, ORDERS);
    assert.deepEqual([status, json.error], [403, "Cannot save metric with your current plan"]);
  });
});
