import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { SANDBOX } from "../../../src/sandbox/defaults.ts";
import { AppLab } from "./app_lab.ts";

const { projectId } = SANDBOX;
const NEW = `/projects/${projectId}/custom_events/`;
const OLD = `/custom_events/${projectId}/`;
const DEFINITIONS = `/projects/${projectId}/data-definitions/events/`;

const form = (fields: Record<string, string>) => ({
  headers: { "content-type": "application/x-www-form-urlencoded" },
  body: String(new URLSearchParams(fields)),
});
const ANY = '[{"event":"A"},{"event":"B"}]';
const make = (lab: AppLab) => lab.post(NEW, undefined, form({ name: "Any", alternatives: ANY }));

describe("custom events", () => {
  it("are made of a form, and answered outside of the results", async () => {
    const { status, json } = await make(new AppLab());
    assert.equal(status, 200);
    const { id } = json.custom_event;
    assert.deepEqual(json, { custom_event: { id, name: "Any", alternatives: [{ event: "A" }, { event: "B" }] } });
  });

  it("find no parameters in a body in JSON", async () => {
    const { status, json } = await new AppLab().post(NEW, { name: "Any", alternatives: ANY });
    assert.deepEqual([status, json.error], [400, "Missing required parameters: name, alternatives"]);
  });

  it("refuse alternatives that are no events", async () => {
    const lab = new AppLab();
    for (const alternatives of ["[]", "{}", '["A"]', '[{"name":"A"}]']) {
      assert.equal((await lab.post(NEW, undefined, form({ name: "X", alternatives }))).status, 422);
    }
    assert.equal((await lab.post(NEW, undefined, form({ name: "X", alternatives: "[" }))).status, 400);
  });

  it("have entries in the Lexicon, by which they are described and deleted", async () => {
    const lab = new AppLab();
    const { id } = (await make(lab)).json.custom_event;
    const changed = await lab.send("PATCH", DEFINITIONS, { customEventId: id, name: "All", hidden: true, tags: ["t"] });
    assert.deepEqual([changed.json.results.name, changed.json.results.hidden], ["All", true]);
    const [entry, ...others] = (await lab.get(`${DEFINITIONS}?custom_event=true`)).json.results;
    assert.deepEqual([entry.customEventId, entry.name, entry.tags, others], [id, "All", ["t"], []]);
    assert.equal((await lab.send("PATCH", DEFINITIONS, { customEventId: 4711, hidden: true })).status, 404);
    assert.equal((await lab.send("DELETE", DEFINITIONS, { customEventId: id })).status, 200);
    assert.deepEqual((await lab.get(`${DEFINITIONS}?custom_event=true`)).json.results, []);
  });

  it("are shown and replaced by the older paths", async () => {
    const lab = new AppLab();
    const { id } = (await make(lab)).json.custom_event;
    const put = { method: "PUT", ...form({ name: "One", alternatives: '[{"event":"C"}]' }) };
    const replaced = await lab.ask(`/api/app${OLD}${id}/`, put);
    assert.deepEqual(replaced.json.custom_event, { id, name: "One", alternatives: [{ event: "C" }] });
    assert.deepEqual((await lab.get(`${OLD}${id}/`)).json, replaced.json);
    assert.deepEqual((await lab.get(OLD)).json.custom_events.length, 1);
    assert.equal((await lab.send("DELETE", `${OLD}${id}/`)).status, 200);
    assert.equal((await lab.get(`${OLD}${id}/`)).status, 404);
  });
});
