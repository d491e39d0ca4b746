/** What is read, changed and written back keeps what this program does not know of it. */
import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { openStubbed, type Stubbed } from "./stubbed.ts";

const PROJECT = "/api/app/projects/1000001";
const FLAGS = `${PROJECT}/workspaces/2/feature-flags`;
let stub: Stubbed;
beforeEach(async () => void (stub = await openStubbed()));
afterEach(() => stub.server.finish());

const RULESET = {
  variants: [{ key: "on", value: null, is_control: false, split: 1, payload_type: "json" }],
  rollout: [{ rollout_percentage: 0.5, variant_splits: {}, holdout: { id: 7 } }],
  guardrails: ["latency"],
};
const FLAG = {
  id: "f1",
  key: "checkout",
  name: "Checkout",
  tags: [],
  status: "enabled",
  context: "distinct_id",
  serving_method: "client",
  ruleset: RULESET,
};

describe("what servers have and this program does not know", () => {
  const update = (...argv: string[]) =>
    stub.mp(["flags", "update", "checkout", ...argv], { env: { MP_WORKSPACE_ID: "2" } });
  const written = () => JSON.parse(stub.server.requests.find(({ method }) => method === "PUT")!.text);

  it("stays in the rules of a flag", async () => {
    stub.server.on("GET", FLAGS, { json: { status: "ok", results: [FLAG] } });
    stub.server.on("GET", `${FLAGS}/f1`, { json: { status: "ok", results: FLAG } });
    stub.server.on("PUT", `${FLAGS}/f1`, { json: { status: "ok", results: FLAG } });
    const { code, stderr } = await update("--rollout", "0.9");
    assert.equal(code, 0, stderr);
    const rollout = [{ ...RULESET.rollout[0], rollout_percentage: 0.9 }];
    assert.deepEqual(written().ruleset, { ...RULESET, rollout });
  });

  it("is a mistake where people write it", async () => {
    for (const flag of ["--ruleset", "--data"]) {
      const json = JSON.stringify(flag === "--data" ? { ruleset: RULESET } : RULESET);
      const { code, stderr } = await update(flag, json);
      assert.equal(code, 3);
      assert.match(stderr, /ruleset.variants.0 has no field "payload_type"/);
    }
    assert.deepEqual(stub.server.requests, []);
  });

  it("stays in the properties of a custom property", async () => {
    const property = {
      customPropertyId: 4,
      name: "Net",
      resourceType: "events",
      displayFormula: "A",
      composedProperties: { A: { value: "amount", type: "number", resourceType: "event", unit: "USD" } },
    };
    const path = `${PROJECT}/custom_properties/4/`;
    stub.server.on("GET", path, { json: { status: "ok", results: property } });
    stub.server.on("PUT", path, { json: { status: "ok", results: property } });
    assert.equal((await stub.mp(["custom-properties", "update", "4", "--name", "Net amount"])).code, 0);
    assert.deepEqual(written().composedProperties, property.composedProperties);
  });

  it("is not named in the metadata of a schema, where it stays by that", async () => {
    const schemaJson = {
      description: "d",
      properties: {},
      metadata: { "com.mixpanel": { tags: ["a"], tier: 1 }, own: {} },
    };
    const schema = `${PROJECT}/schemas/event/Purchase`;
    stub.server.on("GET", schema, { json: { status: "ok", results: schemaJson } });
    stub.server.on("POST", schema, { json: { status: "ok", results: {} } });
    const set = await stub.mp(["lexicon", "set", "event", "Purchase", "--description", "Paid"]);
    assert.equal(set.code, 0, set.stderr);
    const sent = JSON.parse(stub.server.requests.find(({ method }) => method === "POST")!.text);
    assert.deepEqual(sent.metadata, { "com.mixpanel": { tags: ["a"] }, own: {} });
  });
});
