import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { PUBLISHED_QUOTAS } from "../../../src/sandbox/quotas.ts";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { Lab } from "../lab.ts";
import { AppLab } from "./app_lab.ts";

const PATH = `/projects/${SANDBOX.projectId}/schemas`;
const own = (facts: Record<string, unknown>) => ({ "com.mixpanel": facts });

describe("Lexicon schemas", () => {
  it("are kept by type and name; one comes without the envelope", async () => {
    const lab = new AppLab();
    const schema = { $schema: "http://json-schema.org/draft-07/schema", description: "x", required: ["a"] };
    assert.deepEqual((await lab.post(`${PATH}/event/Added%20To%20Cart`, schema)).json, { status: "ok" });
    assert.deepEqual((await lab.get(`${PATH}/event/Added%20To%20Cart`)).json, schema);
    assert.deepEqual((await lab.get(PATH)).json, {
      status: "ok",
      results: [{ entityType: "event", name: "Added To Cart", schemaJson: schema }],
    });
    assert.deepEqual((await lab.get(`${PATH}/profile`)).json.results, []);
    assert.equal((await lab.get(`${PATH}/event?entity_name=Added%20To%20Cart`)).json.results.length, 1);
    assert.equal((await lab.get(`${PATH}/event/Nope`)).status, 404);
    assert.equal((await lab.get(`${PATH}/evnt`)).status, 400);
  });

  it("replace what was there, but keep metadata that the new one does not have; null takes it away", async () => {
    const lab = new AppLab();
    const path = `${PATH}/event/A`;
    await lab.post(path, {
      description: "old",
      properties: { a: { type: "string", metadata: own({ hidden: true }) }, b: { type: "number" } },
      metadata: own({ displayName: "Old", hidden: true, tags: ["x"] }),
    });
    await lab.post(path, { properties: { a: { type: "integer" } }, metadata: own({ displayName: "New", tags: null }) });
    assert.deepEqual((await lab.get(path)).json, {
      properties: { a: { type: "integer", metadata: own({ hidden: true }) } },
      metadata: own({ displayName: "New", hidden: true }),
    });
  });

  it("are uploaded in one request, after all others are deleted if it says so", async () => {
    const lab = new AppLab();
    const entry = (name: string) => ({ entityType: "event", name, schemaJson: {} });
    const first = await lab.post(PATH, { entries: [entry("A"), entry("B"), entry("A")] });
    assert.deepEqual(first.json.results, { added: 3, deleted: 0 });
    const second = await lab.post(PATH, { entries: [entry("C")], truncate: true });
    assert.deepEqual(second.json.results, { added: 1, deleted: 2 });
    assert.deepEqual((await lab.get(PATH)).json.results, [entry("C")]);
  });

  it("are deleted by name, by type, or all", async () => {
    const lab = new AppLab();
    for (const path of ["event/A", "event/B", "profile/$user"]) await lab.post(`${PATH}/${path}`, {});
    const count = async (path: string) => (await lab.send("DELETE", PATH + path)).json.results.delete_count;
    assert.equal(await count("/event/A"), 1);
    assert.equal(await count("/event/A"), 0);
    assert.equal(await count("/event"), 1);
    assert.equal(await count(""), 1);
  });

  it("are refused when they are none", async () => {
    const lab = new AppLab();
    const bad = [
      { description: 3 },
      { properties: { a: { type: "date" } } },
      { properties: { a: {} } },
      { metadata: own({ color: "red" }) },
      { properties: { a: { type: "string", metadata: own({ tags: [] }) } } },
    ];
    for (const schema of bad) {
      assert.equal((await lab.post(`${PATH}/event/A`, schema)).status, 400, JSON.stringify(schema));
      const entries = [{ entityType: "event", name: "A", schemaJson: schema }];
      assert.equal((await lab.post(PATH, { entries })).status, 400, JSON.stringify(schema));
    }
    assert.equal((await lab.post(PATH, {})).status, 400);
    assert.equal((await lab.post(PATH, { entries: [], extra: 1 })).status, 400);
    assert.equal((await lab.post(PATH, { entries: [{ entityType: "event", name: "A" }] })).status, 400);
    assert.deepEqual((await lab.get(PATH)).json.results, []);
  });

  it("are limited: 4000 events and properties in a request, 3000 deletions, five requests a minute", async () => {
    const lab = new AppLab();
    const entries = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ entityType: "event", name: `E${index}`, schemaJson: {} }));
    assert.equal((await lab.post(PATH, { entries: entries(4001) })).status, 429);
    assert.equal((await lab.post(PATH, { entries: entries(3001) })).status, 200);
    assert.equal((await lab.send("DELETE", PATH)).status, 400);
    const limited = new Lab({ quotas: PUBLISHED_QUOTAS });
    const statuses = [];
    for (let request = 0; request < 6; request++) statuses.push((await limited.send(`/api/app${PATH}`)).status);
    assert.deepEqual(statuses, [200, 200, 200, 200, 200, 429]);
  });
});
